#!/usr/bin/env bash
# The site as it is served, made of frontend/: scripts, styles and pictures under names that hold a hash of their
# content, and pages and modules that name them so. The programs (api-service/CMakeLists.txt) and the bucket (./dev aws
# site) both get what this makes. It needs a shell, sed and sha256sum, and no package.
#   tools/site/assemble.sh <frontend> <output>       <output> is made anew
set -euo pipefail
export LC_ALL=C

readonly source=$1 out=$2
declare -A served=() # shop.js -> shop.0123456789abcdef.js
under_way=' '

fail() {
    echo "assemble.sh: $1" >&2
    exit 1
}

# The name as a pattern of sed and grep.
pattern() { echo "${1//./[.]}"; }

# The modules that a module imports: "./dom.js" of its import and export lines.
imports_of() { sed -nE 's/.*(from|import) "\.\/([^"]*)".*/\2/p' "$source/assets/$1"; }

# What this script would not rewrite, and what would therefore be served under a name that is not there.
refuse_other_names() {
    local name=$1 other
    case $name in
        *.js) other=$(grep -nE '\bimport ?\(|import\.meta|"/assets/[a-z0-9]' "$source/assets/$name" || true) ;;
        *.css) other=$(grep -nE '\burl\(|@import' "$source/assets/$name" || true) ;;
        *) other= ;;
    esac
    [[ -z $other ]] || fail "assets/$name names another file in a way that is not known here: $other"
}

# Lines that are comments become empty: they are for who reads frontend/, and a third of what a browser would get. Empty
# and not left out, so that a fault's line is the source's.
without_comments=(
    -e 's#^[[:space:]]*(//.*|/\*\*([^*]|\*[^/])*\*/[[:space:]]*)$##'
    -e '\#^[[:space:]]*/\*\*([^*]|\*[^/])*$#,\#\*/#s/.*//'
)
readonly without_comments

# Puts a file among the assets, after those that it imports: their names are a part of its content, so a change of one
# changes the names of all that lead to it.
place() {
    local name=$1 one hash edits=(-e '')
    [[ -z ${served[$name]:-} ]] || return 0
    [[ -f $source/assets/$name ]] || fail "there is no assets/$name"
    [[ $name =~ ^[a-z0-9-]+\.[a-z0-9]+$ ]] || fail "assets/$name: a name is like order-form.js"
    [[ $under_way != *" $name "* ]] || fail "modules import each other in a circle:$under_way$name"
    under_way+="$name "
    refuse_other_names "$name"
    if [[ $name == *.js ]]; then
        edits=("${without_comments[@]}")
        for one in $(imports_of "$name"); do
            place "$one"
            edits+=(-e "s#(from|import) \"\./$(pattern "$one")\"#\1 \"./${served[$one]}\"#g")
        done
    fi
    [[ $name != *.css ]] || edits=(-e 's#^[[:space:]]*/\*([^*]|\*[^/])*\*/[[:space:]]*$##')
    sed -E "${edits[@]}" "$source/assets/$name" >"$out/next"
    hash=$(sha256sum "$out/next")
    served[$name]=${name%.*}.${hash:0:16}.${name##*.}
    mv "$out/next" "$out/assets/${served[$name]}"
    under_way=${under_way/" $name "/ }
}

# Pages name assets by their addresses.
rewrite_page() {
    local page=$1 name edits=() left
    for name in "${!served[@]}"; do
        edits+=(-e "s#\"/assets/$(pattern "$name")\"#\"/assets/${served[$name]}\"#g")
    done
    sed -E "${edits[@]}" "$source/$page" >"$out/$page"
    left=$(grep -onE '/assets/[^"]*' "$out/$page" | grep -vE '/assets/[a-z0-9-]+\.[0-9a-f]{16}\.[a-z0-9]+$' || true)
    [[ -z $left ]] || fail "$page names what is not there: $left"
}

rm -rf "$out"
mkdir -p "$out/assets" "$out/fragments"
for file in "$source"/assets/*; do place "${file##*/}"; done
for file in "$source"/*.html "$source"/fragments/*.html; do rewrite_page "${file#"$source/"}"; done
cp "$source/headers.json" "$out/headers.json"
