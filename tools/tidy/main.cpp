// orderflow-tidy [root]: checks the repository at root (default: here) against the house rules.
// Exit code: 0 clean or warnings only, 1 errors found, 2 the tree cannot be read.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "tools/tidy/tree.hpp"

int main(int argc, char** argv) {
    using namespace orderflow::tidy;
    try {
        const auto tree = read_tree(argc > 1 ? argv[1] : ".");
        const auto found = check_tree(tree);
        for (const auto& finding : found) fmt::print("{}\n", to_text(finding));
        const auto errors = std::ranges::count(found, Severity::error, &Finding::severity);
        fmt::print("tidy: {} files, {} errors, {} warnings\n", tree.size(), errors,
                   static_cast<std::ptrdiff_t>(found.size()) - errors);
        return errors == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "tidy: cannot read the tree: {}\n", error.what());
        return 2;
    }
}
