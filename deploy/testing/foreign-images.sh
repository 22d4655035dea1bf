#!/usr/bin/env bash
# Makes small images of other people's kind, from Debian's own packages, and gives them to the cluster with the command
# that TRELLIS_TEST_LOAD_IMAGE names (called with an image name and a root directory). Prints name=image, with commas
# between them, for TRELLIS_TEST_FOREIGN_IMAGES:
#   bare      git, ssh, the usual tools and a small shell: no bash, no libstdc++, nobody with uid 1000
#   no-git    a small shell and nothing more
#   no-shell  programs without any shell
#   musl      another libc: what a program of glibc needs is not there
set -euo pipefail
load=${TRELLIS_TEST_LOAD_IMAGE:?names the command that takes an image name and a root directory}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As if nothing were installed here, so that all that a package needs comes with it.
packages() {
  local into=$work/$1
  shift
  mkdir -p "$into/archives/partial" "$into/root"
  : >"$into/status"
  apt-get -qq -o Dir::State::status="$into/status" -o Dir::Cache::archives="$into/archives" \
    -o APT::Sandbox::User=root install --yes --download-only --no-install-recommends "$@" >/dev/null
  local package
  for package in "$into"/archives/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$into/root"; done
}

usable() {
  local root=$1
  mkdir -p "$root"/{etc,tmp,proc,sys,dev,run}
  chmod 1777 "$root/tmp"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  rm -rf "$root"/usr/share/{doc,man,locale,perl} "$root"/usr/lib/*-linux-gnu/perl*
}

apt-get -qq update >/dev/null 2>&1 || true # What is known of packages already may do.
packages bare git openssh-client dash coreutils findutils &
packages musl busybox-static musl &
wait %1
wait %2

bare=$work/bare/root
usable "$bare"
ln -sf dash "$bare/bin/sh"
rm -rf "$bare"/usr/lib/*-linux-gnu/libstdc++* "$bare"/bin/bash "$bare"/usr/bin/bash

cp -a "$bare" "$work/no-git"
rm -rf "$work"/no-git/usr/bin/{git*,ssh*,scp,sftp} "$work"/no-git/usr/lib/git-core

cp -a "$bare" "$work/no-shell"
rm -f "$work"/no-shell/bin/{sh,dash} "$work"/no-shell/usr/bin/{sh,dash}

musl=$work/musl/root
usable "$musl"
rm -rf "$musl"/lib64 "$musl"/lib/*-linux-gnu/{libc.so*,ld-linux*}
for applet in sh ls cat id whoami grep sleep env stat uname echo printf; do ln -sf busybox "$musl/bin/$applet"; done

made=()
for image in "bare=$bare" "no-git=$work/no-git" "no-shell=$work/no-shell" "musl=$musl"; do
  name=localhost/trellis-foreign-${image%%=*}:test
  $load "$name" "${image#*=}" >&2
  made+=("${image%%=*}=$name")
done
(
  IFS=,
  echo "${made[*]}"
)
