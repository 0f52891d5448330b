# shellcheck shell=bash
# Which files a program needs to run, which headers were compiled into it, and which packages these are of.

# The loader and every library, by the paths that the loader looks for, one a line.
libraries_of() {
    ldd "$1" | awk '
        $2 == "=>" && $3 == "not" { print "there is no " $1 > "/dev/stderr"; exit 1 }
        $2 == "=>" { print $3 }
        $1 ~ /^\// { print $1 }' | sort -u
}

# Paths on stdin to `<package> <path>`, for those that dpkg installed. Its lists are read directly: dpkg-query compares
# each path with each file of the system, which takes minutes for all headers.
owners_of() {
    # shellcheck disable=SC2062 # the names of dpkg's lists, not a pattern to look for
    { grep --with-filename --line-regexp --fixed-strings --file=/dev/stdin /var/lib/dpkg/info/*.list || true; } |
        sed -E 's,^/var/lib/dpkg/info/([^/]*)\.list:(.*),\1 \2,'
}

# `<path> <name>` for all names that dpkg may know the path by: links followed or not, with and without the /usr that
# older packages leave out.
names_of() {
    local path name
    for path in "$@"; do
        for name in "$path" "$(realpath "$path")"; do
            printf '%s %s\n' "$path" "$name" "$path" "/usr$name" "$path" "${name#/usr}"
        done
    done
}

# The packages that own these files, one a line, sorted. A file that none owns is an error.
packages_of() {
    local names
    names=$(names_of "$@")
    awk '
        NR == FNR { owner[$2] = $1; next }
        { all[$1]; if ($2 in owner) found[$1] = owner[$2] }
        END {
            for (path in all) {
                if (path in found) { print found[path]; continue }
                print "no package owns " path > "/dev/stderr"
                missing = 1
            }
            exit missing
        }' <(cut -d ' ' -f 2 <<<"$names" | sort -u | owners_of) <(echo "$names") | sort -u
}

# Of the headers that the build in <folder> read: Boost is compiled in and nowhere a library.
header_packages() {
    ninja -C "$1" -t deps | sed -n 's/^    \(\/usr\/.*\)$/\1/p' | sort -u | xargs -r realpath --quiet -- | sort -u |
        owners_of | cut -d ' ' -f 1 | sort -u
}
