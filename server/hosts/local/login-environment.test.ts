import { describe, expect, test } from "vitest";
import { loginEnvironment } from "./login-environment";

const user = { username: "ada", homedir: "/home/ada", shell: "/bin/zsh" };

describe("the login environment", () => {
  test("has nothing of the server's", () => {
    const env = {
      ...{ NODE_ENV: "production", NODE_OPTIONS: "--inspect", npm_config_cache: "/c", npm_lifecycle_event: "start" },
      ...{
        DATABASE_URL: "postgresql://u:p@h/d",
        TRELLIS_SECRET_KEY: "key",
        TRELLIS_DATA_DIR: "/data",
        KUBECONFIG: "/k",
      },
      ...{
        GITHUB_TOKEN: "t",
        ANTHROPIC_API_KEY: "k",
        AWS_SECRET_ACCESS_KEY: "s",
        GPG_TTY: "/dev/pts/0",
        INIT_CWD: "/w",
      },
    };
    expect(Object.keys(loginEnvironment(env, user)).sort()).toEqual(["HOME", "LOGNAME", "PATH", "SHELL", "USER"]);
  });

  test("has what a login gives", () => {
    const env = {
      ...{ HOME: "/elsewhere/ada", SHELL: "/bin/bash", PATH: "/home/ada/bin:/usr/bin", LANG: "de_DE.UTF-8" },
      ...{ LC_TIME: "en_GB.UTF-8", TZ: "Europe/Berlin", SSH_AUTH_SOCK: "/run/agent", https_proxy: "http://proxy" },
      ...{ XDG_RUNTIME_DIR: "/run/user/1000", EDITOR: "vim", DISPLAY: ":0" },
    };
    expect(loginEnvironment(env, user)).toEqual({ ...env, USER: "ada", LOGNAME: "ada" });
  });

  test("a path has no directory that npm put there, nothing relative and nothing twice", () => {
    const npm =
      "/app/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin";
    const { PATH } = loginEnvironment({ PATH: `${npm}:/usr/bin:.:/home/ada/.local/bin::/usr/bin` }, user);
    expect(PATH).toBe("/usr/bin:/home/ada/.local/bin");
  });

  test("a path is never empty, and an empty value is no value", () => {
    const env = loginEnvironment({ PATH: "/app/node_modules/.bin", HOME: "", LANG: "" }, { ...user, shell: null });
    expect(env).toEqual({ HOME: "/home/ada", USER: "ada", LOGNAME: "ada", PATH: expect.stringContaining("/usr/bin") });
  });
});
