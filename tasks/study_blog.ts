/**
 * `deno task study:blog`: what kept the blog's nets without LSUV from learning. See `--help`.
 *
 * @module
 */
import { studyBlog } from "./studies/blog/command.ts";

Deno.exit(await studyBlog(Deno.args));
