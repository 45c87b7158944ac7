import { assertEquals } from "@std/assert";
import { DEFAULT, parseSetting, type Setting, showSetting } from "../../site/net/setting.ts";

Deno.test("parseSetting() reads what showSetting() writes", () => {
  const setting: Setting = { activation: "maxout", depth: 7, width: 9, start: "he", seed: 5 };
  assertEquals(parseSetting(showSetting(setting)), setting);
});

Deno.test("parseSetting() leaves out what is no setting", () => {
  const wrong = "activation=toString&depth=1000&width=2.5&start=&seed=-1&other=1";
  assertEquals(parseSetting(wrong), DEFAULT);
  assertEquals(parseSetting(""), DEFAULT);
});
