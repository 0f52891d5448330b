# shellcheck shell=bash
# The bill of materials of an image: CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/), from dpkg's database alone.

# Names, versions and paths of Debian need no escape in JSON; what does is refused.
require_plain() {
    local word
    for word in "$@"; do
        if [[ ! $word =~ ^[A-Za-z0-9._+~:@/-]+$ ]]; then
            echo "not a name, a version or a path: $word" >&2
            return 1
        fi
    done
}

# What a package URL has to escape in a name or a version (https://github.com/package-url/purl-spec).
purl_word() {
    local word=${1//%/%25}
    word=${word//+/%2B}
    echo "${word//:/%3A}"
}

# components <file with packages> <how they are in the image>: of each a component with a comma in front. One question
# to dpkg for all, as each reads its whole database.
components() {
    local how=$2 packages name version architecture source source_version url
    mapfile -t packages <"$1"
    ((${#packages[@]} > 0)) || return 0
    while read -r name version architecture source source_version; do
        require_plain "$name" "$version" "$architecture" "$source" "$source_version" || return 1
        url="pkg:deb/$distribution/$(purl_word "$name")@$(purl_word "$version")"
        url+="?arch=$architecture&distro=$distribution-$release"
        cat <<JSON
    ,{
      "type": "library",
      "bom-ref": "$url",
      "name": "$name",
      "version": "$version",
      "purl": "$url",
      "properties": [
        {"name": "orderflow:included", "value": "$how"},
        {"name": "debian:source", "value": "$source $source_version"}
      ]
    }
JSON
    done < <(dpkg-query --show --showformat \
        '${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n' "${packages[@]}" | sort)
}

# A value of /etc/os-release: debian, 12.
system_word() { sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" /etc/os-release; }

# A UUID that depends on nothing but the text.
uuid_of() { sha256sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/urn:uuid:\1-\2-5\3-8\4-\5/'; }

# bill_of_materials <program> <version> <file> <packages of its libraries> <packages of its headers>; the last two are
# sorted files with a name on each line.
bill_of_materials() {
    local program=$1 version=$2 file=$3 libraries=$4 headers=$5
    local distribution release body digest created
    require_plain "$program" "$version"
    distribution=$(system_word ID)
    release=$(system_word VERSION_ID)
    digest=$(sha256sum "$file" | cut -d ' ' -f 1)
    created=$(date --utc --date "@${SOURCE_DATE_EPOCH:-0}" +%Y-%m-%dT%H:%M:%SZ)
    body=$(
        cat <<JSON
  "version": 1,
  "metadata": {
    "timestamp": "$created",
    "tools": {"components": [{"type": "application", "name": "tools/image/bill.sh", "version": "$version"}]},
    "component": {
      "type": "application",
      "bom-ref": "orderflow/$program@$version",
      "name": "$program",
      "version": "$version",
      "licenses": [{"license": {"id": "MIT"}}],
      "hashes": [{"alg": "SHA-256", "content": "$digest"}]
    }
  },
  "components": [
JSON
        {
            components "$libraries" "shared library or data"
            # A package that is there as a library, too, is listed once.
            components <(comm -13 "$libraries" "$headers") "compiled in"
        } | sed '1s/,//'
        printf '  ]\n'
    )
    printf '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.5",\n  "serialNumber": "%s",\n%s\n}\n' \
        "$(uuid_of <<<"$body")" "$body"
}
