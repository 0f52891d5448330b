#include "tools/tidy/safeguards.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::tidy {
namespace {

constexpr auto header_path = "libs/base/safeguard.hpp";
constexpr auto table_path = "docs/safeguards.md";
constexpr std::string_view opening = "enum class Safeguard";
constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyz_0123456789";

struct Row {
    std::size_t line;
    std::string name;
    std::string place;
};

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// The names in the braces behind "enum class Safeguard": one a line, before its comma.
std::vector<std::string> names_in(std::string_view header) {
    std::vector<std::string> names;
    const auto begin = header.find(opening);
    if (begin == std::string_view::npos) return names;
    const auto body = header.substr(begin, header.find("};", begin) - begin);
    for (const auto line : lines_of(body)) {
        const auto first = std::min(line.find_first_not_of(' '), line.size());
        const auto name = line.substr(first, line.find_first_not_of(name_letters, first) - first);
        if (!name.empty() && line.substr(first + name.size()).starts_with(',')) names.emplace_back(name);
    }
    return names;
}

// What stands between the nth pair of `marks` of a line.
std::string quoted(std::string_view line, std::size_t nth) {
    std::size_t at = 0;
    for (std::size_t mark = 0; mark < 2 * nth; ++mark) {
        at = line.find('`', at);
        if (at == std::string_view::npos) return {};
        ++at;
    }
    const auto begin = line.find('`', at);
    if (begin == std::string_view::npos) return {};
    return std::string(line.substr(begin + 1, line.find('`', begin + 1) - begin - 1));
}

// | `name` | without it | `place` | `program` | `test` |
std::vector<Row> rows_in(std::string_view table) {
    std::vector<Row> rows;
    std::size_t number = 0;
    for (const auto line : lines_of(table)) {
        ++number;
        if (!line.starts_with("| `")) continue;
        const auto place = line.substr(line.find('|', line.find('|', 1) + 1));
        rows.push_back({number, quoted(line, 0), quoted(place, 0)});
    }
    return rows;
}

}  // namespace

Findings check_safeguards(const Tree& tree) {
    Findings found;
    const auto header = tree.find(header_path);
    if (header == tree.end()) return found;
    const auto table = tree.find(table_path);
    const auto rows = rows_in(table == tree.end() ? std::string_view() : std::string_view(table->second));

    std::vector<std::string> listed;
    std::ranges::transform(rows, std::back_inserter(listed), &Row::name);
    if (listed != names_in(header->second)) {
        found.push_back({table_path, 1, "safeguard-table",
                         "its rows are not the safeguards of libs/base/safeguard.hpp, so some are never left out",
                         "one row for each, in the same order, with the test that sees it missing"});
    }
    for (const auto& row : rows) {
        const auto place = tree.find(row.place);
        if (place != tree.end() && place->second.contains("Safeguard::" + row.name)) continue;
        found.push_back({table_path, row.line, "safeguard-table", "the place does not ask for " + row.name,
                         "the file with safeguard(Safeguard::" + row.name + ")"});
    }
    return found;
}

}  // namespace orderflow::tidy
