import { run } from "./harness.js";
import "./all.js";

const results = await run();
for (const { name, error } of results) {
  console.log(`${error ? "FAILED" : "ok    "} ${name}${error ? "\n" + error : ""}`);
}
const failed = results.filter((r) => r.error).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
