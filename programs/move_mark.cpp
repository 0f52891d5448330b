#include "programs/move_mark.hpp"

#include <charconv>
#include <fstream>
#include <iterator>

#include "libs/base/durable_file.hpp"

namespace orderflow {
namespace {

namespace fs = std::filesystem;

constexpr auto file_name = "moved";
constexpr std::string_view format = "1";
constexpr std::string_view sent_prefix = "sent.";

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end) return std::nullopt;
    return value;
}

// False for what no mark has.
bool read_line(std::string_view name, std::string_view value, MoveMark& mark) {
    if (name == "state") {
        mark.complete = value == "moved";
        return mark.complete || value == "moving";
    }
    if (name == "store") {
        mark.store = value;
        return true;
    }
    if (name == "queue") {
        mark.queue = value;
        return true;
    }
    const auto through = number_in(value);
    if (!name.starts_with(sent_prefix) || !through) return false;
    mark.sent.emplace(name.substr(sent_prefix.size()), *through);
    return true;
}

bool is_there(const fs::path& file) {
    std::error_code unreadable;
    return fs::exists(file, unreadable);
}

}  // namespace

std::string move_mark_text(const MoveMark& mark) {
    auto text = "format=" + std::string(format) + "\nstate=" + (mark.complete ? "moved" : "moving") +
                "\nstore=" + mark.store + "\nqueue=" + mark.queue + "\n";
    for (const auto& [queue, through] : mark.sent) {
        text += std::string(sent_prefix) + queue + "=" + std::to_string(through) + "\n";
    }
    return text;
}

std::optional<MoveMark> parse_move_mark(std::string_view text) {
    MoveMark mark;
    const auto head = "format=" + std::string(format) + "\n";
    if (!text.starts_with(head)) return std::nullopt;
    text.remove_prefix(head.size());
    bool has_state = false;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto equals = text.find('=');
        if (end == std::string_view::npos || equals > end) return std::nullopt;
        const auto name = text.substr(0, equals);
        if (!read_line(name, text.substr(equals + 1, end - equals - 1), mark)) return std::nullopt;
        has_state = has_state || name == "state";
        text.remove_prefix(end + 1);
    }
    return has_state ? std::optional(mark) : std::nullopt;
}

Result<std::optional<MoveMark>> read_move_mark(const fs::path& data_dir) {
    const auto file = data_dir / file_name;
    if (!is_there(file)) return std::optional<MoveMark>();
    std::ifstream in(file);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    if (auto mark = parse_move_mark(text)) return mark;
    return fail(ErrorKind::internal, "move.mark_damaged",
                file.string() +
                    " is damaged: how far the move came is not known. When nothing has started at its target "
                    "yet, empty that, remove this file, and move anew");
}

Result<void> write_move_mark(const fs::path& data_dir, const MoveMark& mark) {
    return write_durably(data_dir / file_name, move_mark_text(mark));
}

Result<void> remove_move_mark(const fs::path& data_dir) {
    std::error_code failed;
    fs::remove(data_dir / file_name, failed);
    if (!failed) return {};
    return fail(ErrorKind::unavailable, "file.not_written",
                "Cannot remove " + (data_dir / file_name).string() + ": " + failed.message());
}

Result<void> expect_not_moved(const fs::path& data_dir) {
    const auto file = data_dir / file_name;
    if (!is_there(file)) return {};
    const auto mark = read_move_mark(data_dir);
    if (!mark) return fail(mark.error());
    const auto& target = **mark;
    const auto where = target.store + " and " + target.queue;
    const auto why = target.complete ? data_dir.string() + " was moved to " + where +
                                           ": its orders go on there, and a program that starts here would work on "
                                           "them a second time."
                                     : "a move of " + data_dir.string() + " to " + where +
                                           " began and has not ended: run the same `orderflow move` again.";
    return fail(ErrorKind::conflict, "installation.moved",
                why +
                    " While nothing has started there, `orderflow move --take-back` makes this directory good again; "
                    "docs/migrate-to-aws.md");
}

}  // namespace orderflow
