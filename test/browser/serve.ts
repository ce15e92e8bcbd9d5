// Pages for Chromium.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves pages and scripts, by their paths, on this machine alone, at any free port. */
export async function serve(files: Readonly<Record<string, string>>): Promise<{ origin: string; close(): void }> {
  const server = createServer(({ url = "" }, response) => {
    const text = files[url];
    const type = url.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(text === undefined ? 404 : 200, { "content-type": `${type}; charset=utf-8` }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
