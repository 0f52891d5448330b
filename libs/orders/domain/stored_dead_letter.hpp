// StoredDeadLetter: a message that could not be processed, as it is kept for the operator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/orders/domain/change.hpp"

namespace orderflow::orders {

enum class LetterState : std::uint8_t {
    open,       // waits for an operator
    redriven,   // its message was sent again
    discarded,  // an operator gave it up; it can be restored
    erased,     // redriven or discarded, and its message is gone with the order that it was about
};
inline constexpr int letter_state_count = static_cast<int>(LetterState::erased) + 1;

std::string_view to_string(LetterState state) noexcept;
std::optional<LetterState> parse_letter_state(std::string_view text) noexcept;

struct StoredDeadLetter {
    StoredDeadLetter(std::int64_t n, DeadLetter l, WallTime when) : number(n), letter(std::move(l)), at(when) {}
    std::int64_t number;  // counts up
    DeadLetter letter;
    std::optional<OrderId> order;
    WallTime at;  // when it was kept
    LetterState state = LetterState::open;
    std::string changed_by;  // id of the last command that changed it; empty: none
    WallTime changed_at{};
    std::optional<std::string> original_body;  // as it was received, when an operator edited it
};

// Criteria are joined by "and".
struct LetterFilter {
    std::optional<std::string> code;
    std::optional<std::string> queue;
    std::optional<OrderId> order;
    friend bool operator==(const LetterFilter&, const LetterFilter&) = default;
};
bool matches(const LetterFilter& filter, const StoredDeadLetter& letter);

// The letters of one state that failed in the same way.
struct LetterGroup {
    LetterGroup(std::string q, std::string c) : queue(std::move(q)), code(std::move(c)) {}
    std::string queue;
    std::string code;
    std::int64_t count = 0;
    std::int64_t first = 0;  // numbers
    std::int64_t last = 0;
    WallTime first_at{};  // when they were kept
    WallTime last_at{};
};

// Letters by number, lowest first.
struct LetterQuery {
    std::vector<std::int64_t> numbers;  // only these; empty: any
    LetterFilter filter;
    std::optional<LetterState> state;
    std::int64_t after = 0;                  // exclusive
    std::optional<std::int64_t> up_to = {};  // inclusive
    std::uint32_t limit = 20;                // 1 to 100
};
inline constexpr std::uint32_t letters_page_max = 100;
// Nobody counts further: it stands for as many and more.
inline constexpr std::int64_t letters_counted_max = 100'000;

}  // namespace orderflow::orders
