#!/usr/bin/env bash
# Makes the root of each program's image: the program without debug information, the libraries that it loads, where
# their licences say that they must be, certificates, a user, and the list of all that (bill.sh). Runs on Debian and
# Ubuntu in the stage that built the programs; needs no network.
# usage: assemble.sh <version> <build folder> <to> <program>...
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly here
# shellcheck source=tools/image/packages.sh
. "$here/packages.sh"
# shellcheck source=tools/image/bill.sh
. "$here/bill.sh"

readonly user=10001
readonly certificates=/etc/ssl/certs/ca-certificates.crt

# copy_library <path as ldd says it> <root>: the file itself under the name that the loader looks for, in the folder
# that this system really has it in.
copy_library() {
    local path=$1 root=$2 folder
    folder=$(realpath "$(dirname "$path")")
    install -D -m 0755 "$(realpath "$path")" "$root$folder/$(basename "$path")"
}

# Debian has /bin, /lib and /lib64 as links into /usr; the program names its loader by the short path.
link_folders() {
    local root=$1 link
    for link in /bin /lib /lib64; do
        if [[ -L $link && -d $root/usr$link && ! -e $root$link ]]; then ln -s "usr$link" "$root$link"; fi
    done
}

write_users() {
    local root=$1
    mkdir -p "$root/etc"
    printf '%s\n' 'root:x:0:0::/:/usr/sbin/nologin' "orderflow:x:$user:$user::/data:/usr/sbin/nologin" \
        >"$root/etc/passwd"
    printf 'root:x:0:\norderflow:x:%s:\n' $user >"$root/etc/group"
    printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
}

# OpenSSL looks for one file in the folder that it was built with; Debian's has links to /etc/ssl.
write_certificates() {
    local root=$1
    install -D -m 0644 "$certificates" "$root$certificates"
    mkdir -p "$root/usr/lib/ssl"
    ln -s "$certificates" "$root/usr/lib/ssl/cert.pem"
    install -m 0644 /etc/ssl/openssl.cnf "$root/etc/ssl/openssl.cnf"
    ln -s /etc/ssl/openssl.cnf "$root/usr/lib/ssl/openssl.cnf"
    local more
    for more in "$here"/certificates/*.pem; do
        [[ ! -f $more ]] || install -m 0644 "$more" "$root/etc/ssl/certs/"
    done
}

# What a scanner reads, to know which system and which packages these files are of; and the licences.
write_packages() {
    local root=$1 package
    shift
    install -D -m 0644 "$here/../../LICENSE" "$root/usr/share/doc/orderflow/copyright"
    install -D -m 0644 /etc/os-release "$root/usr/lib/os-release"
    ln -s ../usr/lib/os-release "$root/etc/os-release"
    mkdir -p "$root/var/lib/dpkg"
    dpkg-query --status "$@" >"$root/var/lib/dpkg/status"
    for package in "$@"; do
        if [[ -f /usr/share/doc/${package%:*}/copyright ]]; then
            install -D -m 0644 "/usr/share/doc/${package%:*}/copyright" "$root/usr/share/doc/${package%:*}/copyright"
        fi
    done
}

# The same bytes from the same input: owners, modes and times are those of here, not of the moment.
normalise() {
    local root=$1
    find "$root" -type d -exec chmod 0755 {} +
    find "$root" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-0}" {} +
}

assemble() {
    local version=$1 build=$2 to=$3 program=$4
    local root=$to/$program libraries packages
    rm -rf "$root"
    install -D -m 0755 "$build/bin/$program" "$root/usr/bin/$program"
    strip --strip-debug --remove-section=.comment "$root/usr/bin/$program"
    mapfile -t libraries < <(libraries_of "$build/bin/$program")
    for library in "${libraries[@]}"; do copy_library "$library" "$root"; done
    link_folders "$root"
    write_users "$root"
    write_certificates "$root"
    # Their file is made at their installation, so no package owns it.
    mapfile -t packages < <({ packages_of "${libraries[@]}" && echo ca-certificates; } | sort -u)
    write_packages "$root" "${packages[@]}"
    mkdir -p "$root/usr/share/sbom"
    printf '%s\n' "${packages[@]}" >"$scratch/libraries"
    bill_of_materials "$program" "$version" "$root/usr/bin/$program" "$scratch/libraries" "$scratch/headers" \
        >"$root/usr/share/sbom/$program.cdx.json"
    install -d -m 1777 "$root/tmp"
    normalise "$root"
    chmod 1777 "$root/tmp"
}

main() {
    local version=$1 build=$2 to=$3 program
    shift 3
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    header_packages "$build" >"$scratch/headers"
    for program in "$@"; do assemble "$version" "$build" "$to" "$program"; done
    install -d -m 0750 "$to/data"
}

umask 022
main "$@"
