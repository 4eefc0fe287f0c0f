#!/bin/sh
# Installs the system packages that tests need (Debian's names). Where that is not possible this says
# so and succeeds: the tests that need a package fail, and name it.
set -u
PATH="$PATH:/usr/sbin"
wanted=""
command -v pgbouncer >/dev/null 2>&1 || wanted="$wanted pgbouncer"
[ -n "$wanted" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
install() {
  # RUNLEVEL=1: no service is started; the tests run servers of their own.
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install --quiet --quiet --yes --no-install-recommends $wanted
}
if install >/dev/null 2>&1 || { $as_root apt-get update --quiet --quiet >/dev/null 2>&1 && install >/dev/null; }; then
  echo "installed for the tests:$wanted"
else
  echo "cannot install$wanted: the tests that need it will fail; install it by hand" >&2
fi
