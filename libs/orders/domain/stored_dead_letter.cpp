#include "libs/orders/domain/stored_dead_letter.hpp"

#include <array>

namespace orderflow::orders {
namespace {

constexpr std::array<std::string_view, letter_state_count> names{"open", "redriven", "discarded", "erased"};

}  // namespace

std::string_view to_string(LetterState state) noexcept { return names[static_cast<std::size_t>(state)]; }

std::optional<LetterState> parse_letter_state(std::string_view text) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return static_cast<LetterState>(i);
    }
    return std::nullopt;
}

bool matches(const LetterFilter& filter, const StoredDeadLetter& letter) {
    return (!filter.code || letter.letter.code == *filter.code) &&
           (!filter.queue || letter.letter.queue == *filter.queue) && (!filter.order || letter.order == filter.order);
}

}  // namespace orderflow::orders
