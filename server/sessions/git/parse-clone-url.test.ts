import { describe, expect, it } from "vitest";
import { parseCloneUrl } from "./parse-clone-url";

describe("a clone URL", () => {
  it.each([
    ["https://github.com/acme/shop.git", "https://github.com/acme/shop.git", "acme/shop"],
    ["HTTPS://GitHub.com/acme/shop/", "https://github.com/acme/shop", "acme/shop"],
    ["http://forge.local:3000/acme/shop", "http://forge.local:3000/acme/shop", "acme/shop"],
    ["https://me@forge.local/acme/shop", "https://me@forge.local/acme/shop", "acme/shop"],
    ["https://gitlab.com/group/sub/shop.git", "https://gitlab.com/group/sub/shop.git", "sub/shop"],
    ["ssh://git@host:2222/acme/shop.git", "ssh://git@host:2222/acme/shop.git", "acme/shop"],
    ["git://host/shop.git", "git://host/shop.git", "shop"],
    ["git@github.com:acme/shop.git", "git@github.com:acme/shop.git", "acme/shop"],
    ["host:shop", "host:shop", "shop"],
    ["git@[::1]:acme/shop", "git@[::1]:acme/shop", "acme/shop"],
    ["file:///srv/git/shop.git/", "file:///srv/git/shop.git", "shop"],
    ["/srv/my repos/shop/", "/srv/my repos/shop", "shop"],
    ["/srv/shop/.git", "/srv/shop/.git", "shop"],
    ["/", "/", "/"],
    ["~/src/shop", "/home/ada/src/shop", "shop"],
    ["  /srv/shop ", "/srv/shop", "shop"],
  ])("is taken: %s", (given, url, name) => {
    expect(parseCloneUrl(given, "/home/ada/")).toMatchObject({ ok: true, url, name, credential: null });
  });

  it.each([
    ["", /empty/],
    ["-uorigin", /begin with `-`/],
    ["--upload-pack=touch /tmp/x", /begin with `-`/],
    ["ext::sh -c touch% /tmp/x", /helper/],
    ["fd::7", /helper/],
    ["ftp://host/shop", /`ftp:\/\/`/],
    ["git+ssh://host/shop", /`git\+ssh:\/\/`/],
    ["src/shop", /relative path/],
    ["./shop", /relative path/],
    ["../shop", /relative path/],
    ["shop", /relative path/],
    ["~eve/shop", /absolute path/],
    ["/srv/sh\nop", /control character/],
    ["https://github.com", /no repository/],
    ["https://", /not a URL/],
    ["ssh://-oProxyCommand=x/shop", /.+/],
    ["-oProxyCommand=x:shop", /begin with `-`/],
    ["git@-oProxyCommand=x:shop", /not the name of a host/],
    ["ssh://me:secret@host/shop", /takes no password/],
    ["https://host/shop?token=1", /no `\?`/],
    ["file://shop", /three slashes/],
  ])("is refused with words: %s", (given, words) => {
    const parsed = parseCloneUrl(given, "/home/ada");
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? "" : parsed.reason).toMatch(words);
  });

  it.each([
    ["https://ada:s3cret@forge/a/b", { username: "ada", password: "s3cret" }],
    ["https://ada:p%40ss%3Aword@forge/a/b", { username: "ada", password: "p@ss:word" }],
    ["https://:s3cret@forge/a/b", { username: "x-access-token", password: "s3cret" }],
    ["https://ghp_0123456789abcdef@forge/a/b", { username: "x-access-token", password: "ghp_0123456789abcdef" }],
    ["https://glpat-0123456789@forge/a/b", { username: "x-access-token", password: "glpat-0123456789" }],
  ])("gives up its secret: %s", (given, credential) => {
    expect(parseCloneUrl(given, null)).toMatchObject({ ok: true, url: "https://forge/a/b", credential });
  });

  it("with a newline hidden in its password cannot speak to the credential protocol", () => {
    expect(parseCloneUrl("https://a:b%0Ahost=evil@forge/a/b", null).ok).toBe(false);
  });
});
