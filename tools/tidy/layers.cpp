#include "tools/tidy/layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orderflow::tidy {
namespace {

constexpr std::string_view everything = "*";

constexpr std::array<Layer, 35> table = {{
    {"libs/base", "", "system"},
    {"libs/async", "libs/base", "asio"},
    {"libs/json", "libs/base", "simdjson", "simdjson"},
    {"libs/crypto", "libs/base libs/orders/domain libs/orders/ports", "openssl system", "openssl"},
    {"libs/orders/domain", "libs/base", ""},
    {"libs/orders/ports", "libs/orders/domain libs/base libs/async", ""},
    {"libs/orders/application", "libs/orders/ports libs/orders/domain libs/base libs/async", ""},
    {"libs/instances", "libs/base libs/async", ""},
    {"libs/contract", "libs/json libs/orders/domain libs/instances libs/base", "fmt"},
    {"libs/sqlite", "libs/base", "sqlite system fmt"},
    {"libs/postgres", "libs/base", "libpq system", "libpq"},
    {"libs/storage",
     "libs/orders/ports libs/orders/domain libs/instances libs/base libs/async libs/contract libs/json libs/sqlite "
     "libs/postgres",
     "fmt"},
    {"libs/payments",
     "libs/orders/ports libs/orders/domain libs/base libs/async libs/sqlite libs/crypto libs/json libs/net", "fmt"},
    {"libs/webhooks", "libs/orders/ports libs/orders/domain libs/base libs/async libs/crypto libs/net libs/observe",
     ""},
    {"libs/net", "libs/base libs/async", "asio beast boost openssl system fmt", "beast openssl"},
    {"libs/observe", "libs/base libs/json", "spdlog prometheus fmt", "spdlog prometheus fmt"},
    {"libs/alarms", "libs/base libs/json libs/observe", "fmt"},
    {"libs/audit", "libs/orders/domain libs/base", ""},
    {"libs/testing", "libs/base libs/async libs/sqlite libs/orders/domain libs/orders/ports", "asio sqlite"},
    {"libs/aws", "libs/base libs/async libs/net libs/json libs/crypto libs/orders/domain libs/orders/ports",
     "fmt system"},
    {"queue-service/engine", "libs/base", ""},
    {"queue-service/journal",
     "queue-service/engine libs/base libs/async libs/sqlite libs/orders/domain libs/orders/ports", "fmt system"},
    {"queue-service/protocol",
     "queue-service/engine queue-service/journal libs/aws libs/base libs/async libs/crypto libs/json libs/net", "fmt"},
    {"queue-service", "queue-service libs/base libs/async libs/net libs/observe", "fmt"},
    {"api-service", "libs/orders libs/instances libs/contract libs/json libs/net libs/observe libs/async libs/base",
     "fmt"},
    {"worker-service", "libs/orders libs/instances libs/contract libs/json libs/observe libs/async libs/base", "fmt"},
    {"programs", everything, everything},
    {"orderflow", everything, everything},
    {"tests", everything, everything},
    {"fuzz", everything, everything},
    {"bench", everything, everything},
    {"chaos", everything, everything},
    {"cmake", "", "testing"},
    {"tools/tidy", "", "fmt system"},
    {"tools", "libs", "fmt system"},
}};

struct Group {
    std::string_view name;
    std::string_view prefixes;  // separated by spaces
};

constexpr std::array<Group, 13> groups = {{
    {"beast", "boost/beast"},
    {"asio", "boost/asio boost/system"},
    {"boost", "boost/"},
    {"openssl", "openssl/"},
    {"sqlite", "sqlite3.h"},
    {"simdjson", "simdjson.h"},
    {"fmt", "fmt/"},
    {"spdlog", "spdlog/"},
    {"prometheus", "prometheus/"},
    {"cli11", "CLI/"},
    {"libpq", "libpq-fe.h"},
    {"testing", "gtest/ gmock/ rapidcheck benchmark/"},
    {"system",
     "sys/ netinet/ arpa/ net/ linux/ pwd.h unistd.h fcntl.h poll.h signal.h time.h pthread.h spawn.h dirent.h errno.h "
     "netdb.h stdlib.h ucontext.h sched.h ftw.h asm/ immintrin.h nmmintrin.h arm_acle.h"},
}};

// Headers that pull a whole library into every file that sees them: seconds of compile time each.
constexpr std::array<std::string_view, 4> umbrellas = {"boost/asio.hpp", "boost/beast.hpp", "boost/beast/core.hpp",
                                                       "boost/beast/http.hpp"};

template <class Visit>
bool any_word(std::string_view words, Visit visit) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (end > 0 && visit(words.substr(0, end))) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

bool lies_in(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

const Layer* row_of(std::string_view path) {
    const Layer* best = nullptr;
    for (const auto& row : table) {
        if (lies_in(path, row.folder) && (best == nullptr || row.folder.size() > best->folder.size())) best = &row;
    }
    return best;
}

bool is_standard(std::string_view header) { return header.find_first_of("./") == std::string_view::npos; }

std::string_view group_of(std::string_view header) {
    if (is_standard(header)) return "std";
    for (const auto& group : groups) {
        if (any_word(group.prefixes, [&](auto prefix) { return header.starts_with(prefix); })) return group.name;
    }
    return "";
}

bool project_allowed(const Source& source, const Layer& row, std::string_view path) {
    if (lies_in(path, row.folder) || row.project == everything || source.is_main()) return true;
    if (any_word(row.project, [&](auto folder) { return lies_in(path, folder); })) return true;
    return source.is_test() && row.folder != "tools/tidy" &&
           any_word("libs/testing libs/async libs/storage/memory tests/contract",
                    [&](auto folder) { return lies_in(path, folder); });
}

bool group_allowed(const Source& source, const Layer& row, std::string_view group) {
    if (group == "std" || row.third_party == everything) return true;
    const auto is_group = [&](auto word) { return word == group; };
    if (source.is_test() && any_word("testing fmt asio sqlite system", is_group)) return true;
    if (source.is_main() && any_word("fmt asio cli11 system", is_group)) return true;
    if (source.is_header() && any_word(row.hidden, is_group)) return false;
    return any_word(row.third_party, is_group);
}

std::string may_include(const Layer& row) {
    const auto or_nothing = [](std::string_view words) { return words.empty() ? std::string_view("nothing") : words; };
    return fmt::format("{} may include, of the project: itself, {}; of third party: {}", row.folder,
                       or_nothing(row.project), or_nothing(row.third_party)) +
           (row.hidden.empty() ? "" : fmt::format("; in its .cpp files alone: {}", row.hidden));
}

}  // namespace

std::span<const Layer> layer_table() noexcept { return table; }

Findings check_layers(const Source& source) {
    Findings found;
    const auto* row = row_of(source.path());
    if (row == nullptr) {
        found.push_back({source.path(), 1, "unknown-folder", "the folder has no row in the layer table",
                         "put the file into a folder of the table, or add the folder to tools/tidy/layers.cpp and "
                         "ARCHITECTURE.md with its reason"});
        return found;
    }
    for (const auto& include : source.includes()) {
        const auto add = [&](std::string_view rule, std::string message, std::string replacement) {
            found.push_back({source.path(), include.line, rule, std::move(message), std::move(replacement)});
        };
        if (!include.angled) {
            if (row_of(include.path) == nullptr) {
                add("include-path", fmt::format("\"{}\" is not a path from the root of the repository", include.path),
                    "#include \"libs/base/result.hpp\" for the project's own headers, <...> for all others");
            } else if (is_test_file(include.path) && !source.is_test()) {
                add("layer", fmt::format("{} is made for tests", include.path),
                    "what programs and tests share belongs into a file of its own");
            } else if (!project_allowed(source, *row, include.path)) {
                add("layer", fmt::format("{} is out of reach: arrows only point down", include.path),
                    may_include(*row));
            }
            continue;
        }
        if (std::ranges::find(umbrellas, include.path) != umbrellas.end()) {
            add("umbrella-header", fmt::format("<{}> costs every file seconds of compile time", include.path),
                "include the headers of what is used, such as <boost/asio/post.hpp>");
        }
        const auto group = group_of(include.path);
        if (group.empty()) {
            add("layer", fmt::format("<{}> belongs to no known library", include.path),
                "use a library of the table, or add this one to tools/tidy/layers.cpp with an ADR");
        } else if (!group_allowed(source, *row, group)) {
            add("layer", fmt::format("<{}> ({}) is out of reach", include.path, group), may_include(*row));
        }
    }
    return found;
}

}  // namespace orderflow::tidy
