#include "tools/tidy/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include "tools/tidy/bans.hpp"
#include "tools/tidy/coroutines.hpp"
#include "tools/tidy/layers.hpp"
#include "tools/tidy/layout.hpp"
#include "tools/tidy/safeguards.hpp"
#include "tools/tidy/source.hpp"

namespace orderflow::tidy {
namespace {

namespace fs = std::filesystem;

bool is_left_out(const std::string& folder) {
    static constexpr auto names =
        std::to_array<std::string_view>({"build", "node_modules", "data", "results", "corpus"});
    return (folder.starts_with('.') && folder != ".ci") || std::ranges::find(names, folder) != names.end();
}

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

bool is_text(const std::string& path) {
    static constexpr auto endings = std::to_array<std::string_view>(
        {".cpp", ".hpp", ".cmake", "CMakeLists.txt", ".md", ".sh", ".js", ".mjs", ".css", ".html", ".yaml", ".yml"});
    return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); }) || path == "dev" ||
           path == ".ci/run";
}

std::string parent(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string joined(const std::string& folder, std::string_view name) {
    return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

// libs/x and every service, tool and page of its own.
bool wants_readme(const std::string& folder) {
    static constexpr auto single = std::to_array<std::string_view>(
        {"api-service", "worker-service", "queue-service", "orderflow", "frontend", "tests", "fuzz", "bench", "chaos"});
    if (std::ranges::find(single, folder) != single.end()) return true;
    return (folder.starts_with("libs/") || folder.starts_with("tools/")) && std::ranges::count(folder, '/') == 1;
}

bool names_file(std::string_view cmake, std::string_view file) {
    for (auto at = cmake.find(file); at != std::string_view::npos; at = cmake.find(file, at + 1)) {
        static constexpr std::string_view separators = " \t\n()\"/";
        const bool starts = at == 0 || separators.find(cmake[at - 1]) != std::string_view::npos;
        const auto end = at + file.size();
        if (starts && (end == cmake.size() || separators.find(cmake[end]) != std::string_view::npos)) return true;
    }
    return false;
}

bool is_cmake(std::string_view path) { return path.ends_with("CMakeLists.txt") || path.ends_with(".cmake"); }

bool is_built(const Tree& tree, const std::string& path) {
    for (auto folder = parent(path); !folder.empty(); folder = parent(folder)) {
        for (auto at = tree.lower_bound(folder + "/"); at != tree.end() && at->first.starts_with(folder + "/"); ++at) {
            const bool beside = is_cmake(at->first) && parent(at->first) == folder;
            if (beside && names_file(at->second, path.substr(folder.size() + 1))) return true;
        }
    }
    return false;
}

}  // namespace

Tree read_tree(const fs::path& root) {
    Tree tree;
    for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
        const auto name = at->path().filename().string();
        if (at->is_directory()) {
            if (is_left_out(name)) at.disable_recursion_pending();
            continue;
        }
        const auto path = at->path().lexically_relative(root).generic_string();
        if (!at->is_regular_file() || !is_text(path)) continue;
        std::ifstream in(at->path(), std::ios::binary);
        tree.emplace(path, std::string(std::istreambuf_iterator<char>(in), {}));
    }
    return tree;
}

Findings check_folders(const Tree& tree) {
    Findings found;
    std::set<std::string> folders;
    for (const auto& [path, text] : tree) {
        for (auto folder = parent(path); !folder.empty(); folder = parent(folder)) folders.insert(folder);
        if (path.ends_with(".cpp") && !is_built(tree, path)) {
            found.push_back({path, 1, "unbuilt-file",
                             "no CMakeLists.txt above it names it, so nothing builds or tests it",
                             "name it in orderflow_library or orderflow_test, or remove it"});
        }
    }
    for (const auto& folder : folders) {
        const auto readme = joined(folder, "README.md");
        if (!wants_readme(folder) || tree.contains(readme)) continue;
        found.push_back({readme, 1, "folder-readme", "the folder does not say what it is",
                         "10 to 20 lines: what it is, its entry points, what it must never know"});
    }
    return found;
}

Findings check_tree(const Tree& tree) {
    auto found = check_folders(tree);
    const auto add = [&found](Findings more) { std::ranges::move(more, std::back_inserter(found)); };
    add(check_safeguards(tree));
    for (const auto& [path, text] : tree) {
        add(check_text(path, text));
        if (path.ends_with(".md")) add(check_markdown(path, text));
        if (!is_cpp(path)) continue;
        const Source source(path, text);
        add(check_layers(source));
        add(check_bans(source));
        const auto header = tree.find(path.substr(0, path.size() - 4) + ".hpp");
        if (path.ends_with(".cpp") && header != tree.end()) {
            const Source declarations(header->first, header->second);
            add(check_coroutines(source, &declarations));
        } else {
            add(check_coroutines(source));
        }
        add(check_shape(source));
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace orderflow::tidy
