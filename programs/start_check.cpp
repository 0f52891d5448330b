#include "programs/start_check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace orderflow {
namespace {

namespace fs = std::filesystem;

// https://www.sqlite.org/fileformat.html, "The Database Header": big-endian numbers.
constexpr std::string_view sqlite_magic{"SQLite format 3\0", 16};
constexpr std::size_t header_bytes = 100;
constexpr std::size_t user_version_at = 60;
constexpr std::size_t application_id_at = 68;
using Header = std::array<char, header_bytes>;

std::uint32_t number_at(const Header& header, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i) number = number << 8U | static_cast<unsigned char>(header[i]);
    return number;
}

std::string why_not(int system_error) { return std::strerror(system_error); }

// Nothing when it may be read and written.
std::string why_not_usable(const fs::path& path) {
    return ::access(path.c_str(), R_OK | W_OK) == 0 ? std::string() : why_not(errno);
}

bool is_there(const fs::path& path) {
    std::error_code unreadable;
    return fs::exists(path, unreadable);
}

// The nearest directory above that exists: what is missing below it would be made there.
fs::path existing_parent(const fs::path& directory) {
    auto at = fs::absolute(directory);
    while (!is_there(at) && at.has_relative_path()) at = at.parent_path();
    return at;
}

std::string what_is_wrong(const Header& header, StartCheck::Database expected) {
    if (std::string_view(header.data(), sqlite_magic.size()) != sqlite_magic) return "it is no SQLite database";
    // Both are 0 until the first checkpoint of a new file.
    const auto id = number_at(header, application_id_at);
    if (id != 0 && id != static_cast<std::uint32_t>(expected.application_id)) {
        return "it is a database of another program";
    }
    const auto version = number_at(header, user_version_at);
    if (version > expected.newest_version) {
        return fmt::format("it has schema version {}, this program knows up to {}", version, expected.newest_version);
    }
    return {};
}

}  // namespace

void StartCheck::good(std::string_view what, std::string_view text) {
    text_ += fmt::format("  {:<16} {}\n", what, text);
}

void StartCheck::bad(std::string_view what, std::string_view text) {
    good(what, text);
    all_good_ = false;
}

void StartCheck::outcome(std::string_view what, const Result<void>& found) {
    if (!found) bad(what, found.error().code() + ": " + found.error().detail());
}

void StartCheck::directory(std::string_view what, const fs::path& directory) {
    const auto name = fs::absolute(directory).string();
    std::error_code unreadable;
    if (is_there(directory)) {
        if (!fs::is_directory(directory, unreadable)) return bad(what, name + ": it is no directory");
        const auto wrong = why_not_usable(directory);
        return wrong.empty() ? good(what, name) : bad(what, name + ": " + wrong);
    }
    const auto parent = existing_parent(directory);
    if (!fs::is_directory(parent, unreadable)) return bad(what, parent.string() + ": it is no directory");
    const auto wrong = why_not_usable(parent);
    if (!wrong.empty()) return bad(what, name + ": cannot be made: " + wrong);
    good(what, name + ": will be made");
}

void StartCheck::file(std::string_view what, const fs::path& path) {
    const auto name = fs::absolute(path).string();
    if (!is_there(path)) return good(what, name + ": will be made");
    const auto wrong = why_not_usable(path);
    wrong.empty() ? good(what, name) : bad(what, name + ": " + wrong);
}

void StartCheck::database(std::string_view what, const fs::path& path, Database expected, Absent absent) {
    const auto name = fs::absolute(path).string();
    if (!is_there(path)) {
        if (absent == Absent::made_by_worker) {
            return bad(what, name + ": it is not there; the worker-service makes it: start that first");
        }
        const auto wrong = why_not_usable(existing_parent(path));
        return wrong.empty() ? good(what, name + ": will be made") : bad(what, name + ": cannot be made: " + wrong);
    }
    if (const auto wrong = why_not_usable(path); !wrong.empty()) return bad(what, name + ": " + wrong);
    Header header{};
    std::ifstream in(path, std::ios::binary);
    in.read(header.data(), header.size());
    if (in.gcount() == 0) return good(what, name + ": is empty and will be made");
    const auto wrong = what_is_wrong(header, expected);
    wrong.empty() ? good(what, name) : bad(what, name + ": " + wrong);
}

}  // namespace orderflow
