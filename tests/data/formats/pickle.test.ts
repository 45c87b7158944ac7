import { assert, assertEquals, assertThrows } from "@std/assert";
import { isPickle, parsePickle, PickledArray } from "../../../src/data/formats/pickle.ts";
import { pickled } from "./pickles.ts";

/** `pickle.dumps({b"batch_label": b"training", b"labels": [6, 9, 255], b"data": array([[0, 1, 2], [3, 4, 5]], "u1")})`. */
const DUMPS = {
  2: "80027d710028635f636f646563730a656e636f64650a7101580b00000062617463685f6c6162656c71025806" +
    "0000006c6174696e31710386710452710568015808000000747261696e696e67710668038671075271086801" +
    "58060000006c6162656c737109680386710a52710b5d710c284b064b094bff65680158040000006461746171" +
    "0d680386710e52710f636e756d70792e636f72652e6d756c746961727261790a5f7265636f6e737472756374" +
    "0a7110636e756d70790a6e6461727261790a71114b0085711268015801000000627113680386711452711587" +
    "7116527117284b014b024b03867118636e756d70790a64747970650a711958020000007531711a898887711b" +
    "52711c284b0358010000007c711d4e4e4e4affffffff4affffffff4b0074711e628968015806000000000102" +
    "030405711f680386712052712174712262752e",
  3: "80037d710028430b62617463685f6c6162656c71014308747261696e696e67710243066c6162656c7371035d" +
    "7104284b064b094bff654304646174617105636e756d70792e636f72652e6d756c746961727261790a5f7265" +
    "636f6e7374727563740a7106636e756d70790a6e6461727261790a71074b00857108430162710987710a5271" +
    "0b284b014b024b0386710c636e756d70790a64747970650a710d58020000007531710e898887710f52711028" +
    "4b0358010000007c71114e4e4e4affffffff4affffffff4b0074711262894306000102030405711374711462" +
    "752e",
  4: "800495c7000000000000007d9428430b62617463685f6c6162656c944308747261696e696e679443066c6162" +
    "656c73945d94284b064b094bff65430464617461948c156e756d70792e636f72652e6d756c74696172726179" +
    "948c0c5f7265636f6e7374727563749493948c056e756d7079948c076e6461727261799493944b0085944301" +
    "629487945294284b014b024b03869468098c0564747970659493948c02753194898887945294284b038c017c" +
    "944e4e4e4affffffff4affffffff4b0074946289430600010203040594749462752e",
};

for (const [version, hex] of Object.entries(DUMPS)) {
  Deno.test(`parsePickle() reads what Python 3 writes by protocol ${version}`, () => {
    const bytes = Uint8Array.fromHex(hex), found = parsePickle(bytes);
    assert(isPickle(bytes) && found instanceof Map);
    assertEquals(found.get("batch_label"), new TextEncoder().encode("training"));
    assertEquals(found.get("labels"), [6, 9, 255]);
    const data = found.get("data");
    assert(data instanceof PickledArray);
    assertEquals([data.type, data.shape, [...data.bytes]], ["u1", [2, 3], [0, 1, 2, 3, 4, 5]]);
  });
}

Deno.test("parsePickle() reads what Python 2 writes", () => {
  const images = Uint8Array.from({ length: 6144 }, (_, i) => i * 7 & 255);
  const found = parsePickle(pickled(images, { labels: [3, 9] }) as Uint8Array<ArrayBuffer>);
  assert(found instanceof Map);
  assertEquals(found.get("labels"), [3, 9]);
  const data = found.get("data");
  assert(data instanceof PickledArray);
  assertEquals([data.type, data.shape, data.bytes], ["u1", [2, 3072], images]);
});

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

Deno.test("parsePickle() executes no code: it rejects globals that are not data, by name", () => {
  for (
    const [text, says] of [
      ["\x80\x02cos\nsystem\nU\x02ls\x85R.", "it calls os system, which is not data"],
      ["\x80\x02cbuiltins\neval\nU\x011\x85R.", "it calls builtins eval"],
      ["\x80\x02c__main__\nNet\n)\x81.", "it has the opcode 0x81, which is not supported"],
      ["\x80\x02K\x01K\x02b.", "it builds an object that is not an array"],
      ["\x80\x02h\x05.", "its memo has no entry 5"],
      ["\x80\x02}K\x01K\x02s.", "a name is not a string"],
    ] as const
  ) assertThrows(() => parsePickle(bytesOf(text)), Error, says);
});

Deno.test("parsePickle() rejects a pickle that is cut off anywhere", () => {
  const bytes = Uint8Array.fromHex(DUMPS[3]);
  for (let length = 2; length < bytes.length; length++) {
    assertThrows(() => parsePickle(bytes.slice(0, length)), Error, "it");
  }
});
