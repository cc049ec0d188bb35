// A throw-away PostgreSQL server for the walks of one file, as the tests in Rust start it: crates/store/src/testing/cluster.rs. It ends
// with this process, however that ends.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

const script = new URL("../../crates/store/src/testing/cluster.sh", import.meta.url);
const settings = "-c max_connections=100 -c shared_buffers=32MB -c jit=off -c fsync=off -c synchronous_commit=off -c full_page_writes=off";

/** The folder of the newest PostgreSQL of the system. */
function programs() {
  const packaged = readdirSync("/usr/lib/postgresql").sort((one, other) => other - one).map((version) => join("/usr/lib/postgresql", version, "bin"));
  const found = packaged.find((folder) => ["postgres", "initdb", "createdb"].every((program) => existsSync(join(folder, program))));
  if (!found) throw new Error("PostgreSQL is not installed; script/lib/install does it");
  return found;
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** PostgreSQL refuses to run as root: then it runs as its own user. */
function asWhom() {
  if (process.getuid() !== 0) return [];
  const id = (kind) => execFileSync("id", [kind, "postgres"], { encoding: "utf8" }).trim();
  return ["setpriv", `--reuid=${id("-u")}`, `--regid=${id("-g")}`, "--clear-groups"];
}

async function begun() {
  const [folder, port] = [programs(), await freePort()];
  const [command, ...args] = [...asWhom(), "sh", "-c", readFileSync(script, "utf8"), "plenary-postgres", folder, String(port), settings];
  // Closing its input stops the server.
  const child = spawn(command, args, { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}`)));
  });
  if (!line.startsWith("ready ")) throw new Error(line);
  for (const held of [child, child.stdin, child.stdout]) held.unref();
  return { folder, port };
}

let server;
let made = 0;

/** The address of a new database. */
export async function database() {
  const { folder, port } = await (server ??= begun());
  const name = `walk_${(made += 1)}`;
  execFileSync(join(folder, "createdb"), ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "-T", "template0", name]);
  return `postgres://postgres@127.0.0.1:${port}/${name}`;
}
