# shellcheck shell=bash
# What has to be installed for each need, by the names of Debian 12, 13 and Ubuntu 24.04. `a|b` means: a, or b where the
# distribution has no a. `a?` means: a, unless the distribution has none. `command:package` means: the package, unless
# the command is there already.

packages_for() {
    case $1 in
        build)
            echo clang-19 lld-19 cmake ninja-build ccache 'libboost1.81-dev|libboost-dev' libssl-dev libsqlite3-dev \
                libpq-dev libfmt-dev libspdlog-dev libsimdjson-dev libcli11-dev prometheus-cpp-dev \
                libgoogle-perftools-dev
            ;;
        test)
            packages_for build
            echo libclang-rt-19-dev llvm-19 libgtest-dev libgmock-dev clang-format-19 strace e2fsprogs \
                node:nodejs npm:npm chromium:chromium curl:curl openssl:openssl 'awscli?' python3-boto3 \
                promtool:prometheus ca-certificates 'postgresql-15|postgresql-17|postgresql-16'
            ;;
        bench)
            packages_for build
            echo libbenchmark-dev node:nodejs npm:npm nginx-light 'postgresql-15|postgresql-17|postgresql-16'
            ;;
        chaos)
            packages_for build
            echo strace e2fsprogs libfaketime 'postgresql-15|postgresql-17|postgresql-16'
            ;;
        lint)
            packages_for build
            echo libgtest-dev libgmock-dev clang-format-19 clang-tidy-19 shellcheck
            ;;
        synth) echo node:nodejs npm:npm ;;
        image) echo node:nodejs curl:curl debootstrap:debootstrap ;;
        *) die "there is no need '$1'" "./dev setup build | test | bench | chaos | lint | synth | image" ;;
    esac
}

# The packages of the arguments that are not installed, one a line. One dpkg-query for all, to be quick.
missing_packages() {
    local wanted alternative installed=' ' names=()
    for wanted in "$@"; do
        wanted=${wanted%\?}
        [[ $wanted == *:* ]] || names+=("${wanted//|/ }")
    done
    # shellcheck disable=SC2068 # alternatives are split on purpose
    installed+=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' ${names[@]} 2>/dev/null |
        awk '$2 == "installed" {print $1}' | tr '\n' ' ') || true
    for wanted in $(printf '%s\n' "$@" | sort -u); do
        if [[ $wanted == *:* ]]; then
            command -v "${wanted%%:*}" >/dev/null || echo "${wanted#*:}"
            continue
        fi
        for alternative in ${wanted//[|?]/ }; do
            [[ $installed == *" $alternative "* ]] && continue 2
        done
        if [[ $wanted == *\? ]] && have_package_lists && ! has_candidate "${wanted%\?}"; then continue; fi
        echo "$wanted"
    done
}

have_package_lists() { compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; }

# Whether apt can install it.
has_candidate() {
    local candidate
    candidate=$(apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ {print $2}')
    [[ -n $candidate && $candidate != '(none)' ]]
}

# Of `a|b` the first that apt can install, of `a?` nothing when it cannot.
choose_package() {
    local alternative
    for alternative in ${1//[|?]/ }; do
        if has_candidate "$alternative"; then
            echo "$alternative"
            return
        fi
    done
    [[ $1 != *\? ]] || return 0
    die "this system's package sources have no ${1//|/ or }" \
        "use Debian 12, Debian 13 or Ubuntu 24.04 (with universe), or install it by hand and set DEV_SETUP=off"
}

# setup <need...>: installs what is missing, and says what and why first.
setup() {
    local missing=() chosen=() package sudo=()
    [[ ${DEV_SETUP:-on} != off ]] || return 0
    local needs
    needs=$(for need in "$@"; do packages_for "$need"; done)
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        die "this system has no apt; ./dev installs packages on Debian and Ubuntu alone" \
            "install the counterparts of these, then set DEV_SETUP=off: $(echo "$needs" | tr '\n' ' ')"
    fi
    # shellcheck disable=SC2086 # a list of words
    mapfile -t missing < <(missing_packages $needs)
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "packages are missing and there is neither root nor sudo: ${missing[*]}" \
            "run as root: apt-get install ${missing[*]//|*/}"
        sudo=(sudo)
    fi
    say "${bold}Packages for ./dev $* are missing:${plain} ${missing[*]//|*/}"
    ((EUID == 0)) || say "They are installed with sudo apt-get, which may ask for your password."
    if ((EUID != 0)); then sudo -v; fi
    phase "package lists" "${sudo[@]}" apt-get update || die "the package lists cannot be read" "see the lines above"
    for package in "${missing[@]}"; do
        package=$(choose_package "$package") || exit 1
        [[ -z $package ]] || chosen+=("$package")
    done
    ((${#chosen[@]} > 0)) || return 0
    phase "install packages" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${chosen[@]}" ||
        die "apt-get install failed" "see the lines above; without it: DEV_SETUP=off"
}
