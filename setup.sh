#!/bin/sh
# Installs what goodinit runs on, which is Deno. With --webgpu also, on a Linux machine without a GPU,
# the software Vulkan driver, on which the tests of the WebGPU device then run. Safe to run again.
set -u

usage="usage: sh setup.sh [--webgpu]"
webgpu=no
for argument in "$@"; do
  case "$argument" in
    --webgpu) webgpu=yes ;;
    -h | --help)
      printf '%s\n' "$usage"
      exit 0
      ;;
    *)
      printf 'setup: expected --webgpu or nothing, found %s; %s\n' "$argument" "$usage" >&2
      exit 2
      ;;
  esac
done

say() { printf 'setup: %s\n' "$*"; }

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root, if that is possible without asking for a password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif have sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    echo "it takes root: $*" >&2
    return 1
  fi
}

# What commands print is kept here, and shown only where they fail.
work="$(mktemp -d)"
log="$work/log"
: >"$log"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

quietly() { "$@" >>"$log" 2>&1; }

# What the last of these commands said at the end.
last_words() { grep -v '^ *$' "$log" | tail -n 1; }

# Where Deno may be, or is put, besides where the caller's shell looks for programs.
HOME="${HOME:-/root}"
callers_path=":$PATH:"
PATH="$PATH:$HOME/.local/bin:$HOME/.deno/bin"
have npm && PATH="$PATH:$(npm prefix -g 2>/dev/null)/bin"
export HOME PATH

on_callers_path() {
  case "$callers_path" in
    *":$1:"*) return 0 ;;
    *) return 1 ;;
  esac
}

# A folder for programs that may be written to, preferably one where the caller's shell looks.
programs_folder() {
  for folder in /usr/local/bin "$HOME/.local/bin" "$HOME/bin"; do
    if on_callers_path "$folder" && [ -w "$folder" ]; then
      printf '%s\n' "$folder"
      return
    fi
  done
  printf '%s\n' "$HOME/.local/bin"
}

# fetch URL FILE
fetch() {
  if have curl; then
    quietly curl -fsSL --connect-timeout 15 --retry 2 -o "$2" "$1"
  elif have wget; then
    quietly wget -nv --timeout=15 --tries=3 -O "$2" "$1"
  else
    return 1
  fi
}

# The package of npm's registry that holds Deno for this machine.
deno_package() {
  case "$(uname -s) $(uname -m)" in
    "Linux x86_64") echo linux-x64-glibc ;;
    "Linux aarch64") echo linux-arm64-glibc ;;
    "Darwin x86_64") echo darwin-x64 ;;
    "Darwin arm64") echo darwin-arm64 ;;
    *) return 1 ;;
  esac
}

# field NAME FILE: a text in a file of JSON.
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$2" | head -n 1; }

# has_sum FILE SUM: whether the file has this SHA-1 sum, where there is a program that can tell.
has_sum() {
  if have sha1sum; then
    [ "$(sha1sum <"$1" | cut -d " " -f 1)" = "$2" ]
  elif have shasum; then
    [ "$(shasum <"$1" | cut -d " " -f 1)" = "$2" ]
  fi
}

# Fetches Deno's program, one file, from the package that npm would install.
install_program() {
  package="$(deno_package)" && have tar || return 1
  fetch "https://registry.npmjs.org/@deno/$package/latest" "$work/about" || return 1
  fetch "$(field tarball "$work/about")" "$work/package.tgz" || return 1
  if ! has_sum "$work/package.tgz" "$(field shasum "$work/about")"; then
    echo "the package of Deno has another checksum than the registry says" >>"$log"
    return 1
  fi
  folder="$(programs_folder)"
  quietly tar -xzf "$work/package.tgz" -C "$work" &&
    chmod 755 "$work/package/deno" &&
    quietly "$work/package/deno" --version &&
    mkdir -p "$folder" &&
    quietly cp "$work/package/deno" "$folder/deno.new" &&
    mv "$folder/deno.new" "$folder/deno"
}

install_by_npm() {
  have npm || return 1
  set -- deno --no-audit --no-fund --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=4000
  quietly npm install -g "$@" && have deno && return 0
  quietly npm install -g --prefix "$HOME/.local" "$@" && have deno
}

# Deno's own installer, which needs unzip.
install_by_script() {
  have curl && have unzip || return 1
  fetch https://deno.land/install.sh "$work/install.sh" && quietly sh "$work/install.sh" -y && have deno
}

# What hinders the installation, in a line.
why_not_installed() {
  if ! have npm && ! have curl && ! have wget; then
    say "expected curl, wget or npm to fetch Deno with, found none of them."
    say "As root, on Debian or Ubuntu: apt-get install curl ca-certificates"
    return
  fi
  case "$(last_words)" in
    *esolve* | *ENOTFOUND* | *EAI_AGAIN* | *ETIMEDOUT* | *ECONNREFUSED* | *nreachable* | *"timed out"*)
      say "no network: registry.npmjs.org, from which Deno comes, does not answer"
      ;;
    *ertificate*)
      say "$(last_words)"
      say "As root, on Debian or Ubuntu: apt-get install ca-certificates"
      ;;
    *) say "could not install Deno: $(last_words)" ;;
  esac
  say "Other ways to install Deno: https://docs.deno.com/runtime/getting_started/installation/"
}

setup_deno() {
  if have deno; then
    say "Deno is there: $(deno --version | head -n 1)"
    return
  fi
  { have curl || have wget || have npm; } && say "fetching Deno, about 45 MB"
  if ! { install_program || install_by_npm || install_by_script; }; then
    why_not_installed >&2
    exit 1
  fi
  say "installed $(deno --version | head -n 1) at $(command -v deno)"
}

# Says how the caller's shell finds Deno, where it does not.
tell_path() {
  folder="$(dirname "$(command -v deno)")"
  on_callers_path "$folder" && return
  say "Your shell does not look for programs in $folder. Before deno task, type:"
  printf '  export PATH="%s:$PATH"\n' "$folder"
}

has_gpu() {
  for device in /dev/dri/renderD* /dev/nvidia[0-9]* /dev/nvidiactl /dev/dxg; do
    [ -e "$device" ] && return 0
  done
  return 1
}

has_vulkan() {
  for manifest in /usr/share/vulkan/icd.d/*.json /usr/local/share/vulkan/icd.d/*.json \
    /etc/vulkan/icd.d/*.json; do
    [ -e "$manifest" ] && return 0
  done
  return 1
}

has_software_vulkan() {
  for manifest in /usr/share/vulkan/icd.d/lvp_icd*.json /etc/vulkan/icd.d/lvp_icd*.json; do
    [ -e "$manifest" ] && return 0
  done
  return 1
}

install_software_vulkan() {
  if have apt-get; then
    quietly as_root apt-get update -q &&
      quietly as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends mesa-vulkan-drivers libvulkan1
  elif have dnf; then
    quietly as_root dnf install -y mesa-vulkan-drivers vulkan-loader
  elif have pacman; then
    quietly as_root pacman -S --noconfirm --needed vulkan-swrast vulkan-icd-loader
  else
    return 1
  fi
}

setup_vulkan() {
  if [ "$(uname -s)" != Linux ]; then
    say "no Vulkan driver is needed on $(uname -s)"
  elif has_gpu && has_vulkan; then
    say "found a GPU and a Vulkan driver, which serves WebGPU"
  elif has_software_vulkan; then
    say "the software Vulkan driver is there"
  elif say "found no GPU with a Vulkan driver: installing Mesa's, the software one among them" &&
    install_software_vulkan && has_software_vulkan; then
    say "installed Mesa's Vulkan drivers"
  else
    say "could not install the software Vulkan driver, which the WebGPU device needs here:"
    say "$(last_words)"
    say "As root, install mesa-vulkan-drivers (Debian, Ubuntu, Fedora) or vulkan-swrast (Arch)."
    say "Everything else works without it."
  fi
}

setup_deno
if [ "$webgpu" = yes ]; then
  setup_vulkan
elif [ "$(uname -s)" = Linux ] && ! has_gpu && ! has_software_vulkan; then
  say "no GPU: the cpu device computes; sh setup.sh --webgpu adds what the WebGPU tests need"
fi
say "done"
tell_path
