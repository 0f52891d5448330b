// MoveMark: a file in a data directory that says where its orders have gone, or are on their way to. While it is there
// no program starts on the directory: an order would be worked on in two places. docs/adr/0026-move.md
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow {

struct MoveMark {
    bool complete = false;
    std::string store;  // where the orders go, without secrets
    std::string queue;  // URL of the queue of orders there
    // Of each queue: the place of the last message that is known to be there, with all before it.
    std::map<std::string, std::uint64_t> sent{};

    // The same move: only its own marks say what is left to do.
    bool leads_to(std::string_view to_store, std::string_view to_queue) const {
        return store == to_store && queue == to_queue;
    }
    friend bool operator==(const MoveMark&, const MoveMark&) = default;
};

std::string move_mark_text(const MoveMark& mark);
// Nothing for a text that is no mark.
std::optional<MoveMark> parse_move_mark(std::string_view text);

// Nothing when there is none. internal "move.mark_damaged".
Result<std::optional<MoveMark>> read_move_mark(const std::filesystem::path& data_dir);
// Durable when they return. unavailable "file.not_written".
Result<void> write_move_mark(const std::filesystem::path& data_dir, const MoveMark& mark);
Result<void> remove_move_mark(const std::filesystem::path& data_dir);

// For every start. conflict "installation.moved": why, and how to take it back.
Result<void> expect_not_moved(const std::filesystem::path& data_dir);

}  // namespace orderflow
