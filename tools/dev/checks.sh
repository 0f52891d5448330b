# shellcheck shell=bash
# Checks that run nothing: format, house rules, shell scripts, clang-tidy.

source_files() {
    find . \( -name build -o -name node_modules -o -name .git \) -prune -o \
        \( -name '*.cpp' -o -name '*.hpp' \) -print | sort
}

format_files() { source_files | xargs -r -n 40 -P "$(build_jobs)" clang-format-19 -i; }

check_format() {
    source_files | xargs -r -n 40 -P "$(build_jobs)" clang-format-19 --dry-run -Werror ||
        { echo "The files above are not in the project's format. Run: ./dev fmt" && return 1; }
}

check_shell() { shellcheck --external-sources --check-sourced dev .ci/run tools/image/assemble.sh; }

# .cpp files of the working tree that differ from the main branch (or from the last commit where there is none).
changed_sources() {
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null) || base=HEAD
    {
        git diff --name-only --diff-filter=d "$base" -- '*.cpp'
        git ls-files --others --exclude-standard -- '*.cpp'
    } | sort -u
}

# clang_tidy <file...>: with the commands of the dev preset, which has no precompiled header.
clang_tidy() { printf '%s\n' "$@" | xargs -r -n 1 -P "$(build_jobs)" clang-tidy-19 --quiet -p build/dev; }

lint() {
    local files=() failed=0
    configure_preset dev
    if [[ ${1:-} == --all ]]; then
        mapfile -t files < <(source_files | grep '\.cpp$' | grep -v -e '^./fuzz/' -e '^./bench/')
    else
        mapfile -t files < <(changed_sources)
    fi
    phase "format" check_format || failed=1
    phase "shell scripts" check_shell || failed=1
    build_preset dev orderflow-tidy
    phase "house rules" build/dev/bin/orderflow-tidy "$root" || failed=1
    if ((${#files[@]} > 0)); then
        phase "clang-tidy on ${#files[@]} files" clang_tidy "${files[@]}" || failed=1
    else
        say "       clang-tidy: no changed .cpp file (--all checks every one)"
    fi
    ((failed == 0)) || die "the checks above failed" "each line names what to write instead"
}
