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
    return 1
  fi
}

# Places where the installers below put Deno without changing the caller's PATH.
HOME="${HOME:-/root}"
PATH="$PATH:$HOME/.deno/bin:$HOME/.local/bin"
have npm && PATH="$PATH:$(npm prefix -g 2>/dev/null)/bin"
export HOME PATH

install_deno() {
  if have npm; then
    say "installing Deno through npm"
    npm install -g deno --no-audit --no-fund && have deno && return 0
    say "npm could not install for the whole machine; trying $HOME/.local"
    npm install -g --prefix "$HOME/.local" deno --no-audit --no-fund && have deno && return 0
  fi
  if have curl; then
    say "installing Deno through https://deno.land/install.sh"
    curl -fsSL https://deno.land/install.sh | sh -s -- -y && have deno && return 0
  fi
  return 1
}

setup_deno() {
  if have deno; then
    say "Deno is there: $(deno --version | head -n 1)"
  elif install_deno; then
    say "installed $(deno --version | head -n 1) at $(command -v deno)"
    say "where your shell does not find it, add $(dirname "$(command -v deno)") to PATH"
  else
    say "could not install Deno; see https://docs.deno.com/runtime/getting_started/installation/"
    exit 1
  fi
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
    as_root apt-get update -q &&
      as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends mesa-vulkan-drivers libvulkan1
  elif have dnf; then
    as_root dnf install -y mesa-vulkan-drivers vulkan-loader
  elif have pacman; then
    as_root pacman -S --noconfirm --needed vulkan-swrast vulkan-icd-loader
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
    say "could not install the software Vulkan driver, which the WebGPU device needs here."
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
