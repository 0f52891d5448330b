# shellcheck shell=bash
# ./dev image: the programs as container images, with podman or docker; and the test that each of them runs as a task on
# a cluster would run it (image-smoke.sh).

readonly image_programs='api-service worker-service queue-service orderflow'
readonly image_base_of_packages=localhost/orderflow/base:bookworm

image_usage() {
    cat <<'TEXT'
Usage: ./dev image [program...] [options]
       program: api-service, worker-service, queue-service, orderflow (default: all four)

  --test                 then run them: read-only, without capabilities, with 256 MB, as user 10001, an order to
                         confirmed, SIGTERM under load; prints sizes, start to healthy and drain time
  --only-test            the images that are there
  --base IMAGE           built on another image than debian:bookworm-slim, of Debian 12, 13 or Ubuntu 24.04
  --base-from-packages   on a base made here of Debian's packages, where no registry of images can be reached
                         (debootstrap, as root)
  --programs FOLDER      around the programs of a build of this machine (build/release, also of another clone), which
                         has to be the same Debian or Ubuntu as where they run; nothing is compiled
  --tag TAG              [latest]
  --publish REGISTRY     push the images that are there to REGISTRY/<program> and attach their bills of materials to
                         their digests, which build/image/published lists. Sign the engine in before; for the bills
                         set ORDERFLOW_REGISTRY_USER and ORDERFLOW_REGISTRY_PASSWORD

The images are called orderflow/<program>; their bills of materials (CycloneDX) are written to build/image/. The first
build compiles everything; later ones take from a cache of the engine what did not change. It installs nothing on this
machine but, with --base-from-packages, debootstrap. ORDERFLOW_ENGINE names the engine where there are several.
TEXT
}

# The first that answers. A docker without its daemon, or without the right to it, is none.
image_engine() {
    local engine
    for engine in ${ORDERFLOW_ENGINE:-podman docker}; do
        if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1; then
            echo "$engine"
            return
        fi
    done
    die "there is no ${ORDERFLOW_ENGINE:-podman and no docker} that works here" \
        "install one (apt-get install podman buildah runc), or start docker's daemon and join its group; then: $0 image"
}

# A base of Debian's own packages, with the package sources of this machine where it is the same Debian.
make_base_from_packages() {
    local engine=$1 folder=$root/build/image/base sources=/etc/apt/sources.list.d/debian.sources
    "$engine" image inspect "$image_base_of_packages" >/dev/null 2>&1 && return
    ((EUID == 0)) || die "a base of packages is made as root" "sudo $0 image --base-from-packages"
    setup image
    rm -rf "$folder" && mkdir -p "$folder"
    phase "base of packages" debootstrap --variant=minbase bookworm "$folder" ||
        die "debootstrap failed" "see the lines above; it needs a mirror of Debian"
    if [[ -f $sources ]] && grep -q bookworm "$sources"; then
        : >"$folder/etc/apt/sources.list"
        cp "$sources" "$folder/etc/apt/sources.list.d/"
    fi
    rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
    tar -C "$folder" --numeric-owner -cf - . | "$engine" import - "$image_base_of_packages" >/dev/null
    rm -rf "$folder"
}

# The next three of the clone in <folder>, which may be another one.
# The version is that of the project() line of CMake.
image_version() { sed -n 's/^project(orderflow VERSION \([0-9.]*\) .*/\1/p' "$1/CMakeLists.txt"; }

image_revision() {
    local revision
    revision=$(git -C "$1" rev-parse HEAD 2>/dev/null) || revision=unknown
    [[ -z $(git -C "$1" status --porcelain 2>/dev/null) ]] || revision+=-dirty
    echo "$revision"
}

image_time() { git -C "$1" log -1 --format=%ct 2>/dev/null || echo 0; }

# assemble_programs <build folder> <clone> <program...>: what the stage `roots` does, here. The last stages take it in
# its place.
assemble_programs() {
    local build=$1 clone=$2 program
    shift 2
    for program in "$@"; do
        [[ -x $build/bin/$program ]] || die "there is no $build/bin/$program" "there: ./dev build release $*"
    done
    rm -rf build/image/programs
    mkdir -p build/image/programs
    SOURCE_DATE_EPOCH=$(image_time "$clone") phase programs tools/image/assemble.sh \
        "$(image_version "$clone")" "$build" build/image/programs/roots "$@" ||
        die "the programs of $build cannot be assembled" "its log is build/log/programs.log"
}

# build_image <engine> <base> <program> <tag> <clone> <folder of assemble_programs or nothing>. The same source makes
# the same image, as far as its packages are the same: all times are the last commit's.
build_image() {
    local engine=$1 base=$2 program=$3 tag=$4 clone=$5 assembled=$6 time arguments tags=(--tag "orderflow/$3:$4")
    time=$(image_time "$clone")
    arguments=(--target "$program" --build-arg "BASE=$base" --build-arg "JOBS=$(build_jobs)"
        --build-arg "SOURCE_DATE_EPOCH=$time" --build-arg "VERSION=$(image_version "$clone")"
        --build-arg "REVISION=$(image_revision "$clone")"
        --build-arg "CREATED=$(date --utc --date "@$time" +%Y-%m-%dT%H:%M:%SZ)")
    [[ -z $assembled ]] || arguments+=(--build-context "roots=$assembled")
    # Docker's format is the one that has room for a health check; a network of containers is more than a build needs.
    [[ $engine != podman ]] || arguments+=(--format docker --network=host --timestamp "$time")
    [[ $program != orderflow ]] || tags+=(--tag "orderflow:$tag")
    # Docker may else make an index of the image and of its notes of the build, which neither Lambda nor a scan takes.
    local -x BUILDX_NO_DEFAULT_ATTESTATIONS=1
    phase "image $program" "$engine" build "${arguments[@]}" "${tags[@]}" . ||
        die "the image of $program failed" "its log is build/log/image-$program.log"
}

# What is in the image, beside it.
take_bill() {
    local engine=$1 program=$2 tag=$3 container
    mkdir -p build/image
    container=$("$engine" create "orderflow/$program:$tag")
    "$engine" cp "$container:/usr/share/sbom/$program.cdx.json" build/image/
    "$engine" rm --volumes "$container" >/dev/null
}

# publish_image <engine> <program> <tag> <registry>: notes the digest, as the registry knows it. A tag can move, it
# cannot. Podman compresses while it pushes: the digest that it had before is of another image.
publish_image() {
    local engine=$1 program=$2 tag=$3 name=$4/$2 digest file=build/image/digest options=()
    rm -f "$file"
    [[ $engine != podman ]] || options=(--digestfile "$file")
    "$engine" tag "orderflow/$program:$tag" "$name:$tag"
    phase "push $program" "$engine" push "${options[@]}" "$name:$tag" ||
        die "$name:$tag was not pushed" "its log is build/log/push-$program.log; is the engine signed in? $engine login"
    if [[ -s $file ]]; then
        digest=$name@$(<"$file")
    else
        digest=$("$engine" image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$name:$tag" |
            grep --fixed-strings "$name@" | tail -n 1)
    fi
    [[ -n $digest ]] || die "$engine knows no digest of $name:$tag" "look at the registry"
    phase "bill $program" node tools/image/attach.mjs "$digest" "build/image/$program.cdx.json" ||
        die "the bill of materials of $program was not attached" "its log is build/log/bill-$program.log"
    echo "$digest" >>build/image/published
}

image() {
    local engine base=debian:bookworm-slim from_packages=no test=no build=yes program programs=()
    local folder='' tag=latest clone=$root assembled='' registry=''
    while (($# > 0)); do
        case $1 in
            --test) test=yes ;;
            --only-test) test=yes build=no ;;
            --base) base=${2:-} && shift ;;
            --base-from-packages) from_packages=yes ;;
            --programs) folder=${2:-} && shift ;;
            --tag) tag=${2:-} && shift ;;
            --publish) registry=${2:-} build=no && shift ;;
            --help | -h) image_usage && return ;;
            *)
                [[ " $image_programs " == *" $1 "* ]] || die "there is no image '$1'" "./dev image --help"
                programs+=("$1")
                ;;
        esac
        shift
    done
    [[ -n $base ]] || die "--base needs the name of an image" "./dev image --help"
    [[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || die "'$tag' is no tag of an image" "./dev image --help"
    ((${#programs[@]} > 0)) || read -ra programs <<<"$image_programs"
    engine=$(image_engine) || exit 1
    if [[ $build == yes ]]; then
        if [[ $from_packages == yes ]]; then
            make_base_from_packages "$engine"
            base=$image_base_of_packages
        fi
        if [[ -n $folder ]]; then
            clone=$(git -C "$folder" rev-parse --show-toplevel) ||
                die "$folder lies in no clone of this project" "--programs DIR/build/release"
            assemble_programs "$folder" "$clone" "${programs[@]}"
            assembled=build/image/programs
        fi
        for program in "${programs[@]}"; do
            build_image "$engine" "$base" "$program" "$tag" "$clone" "$assembled"
            take_bill "$engine" "$program" "$tag"
        done
        say "Images: ${programs[*]/#/orderflow/} ($tag); their bills of materials: build/image"
    fi
    if [[ -n $registry ]]; then
        setup image
        rm -f build/image/published
        for program in "${programs[@]}"; do publish_image "$engine" "$program" "$tag" "$registry"; done
        cat build/image/published
    fi
    [[ $test == no ]] || smoke_images "$engine" "$tag" "${programs[@]}"
}
