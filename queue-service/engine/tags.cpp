#include "queue-service/engine/tags.hpp"

#include <algorithm>
#include <string_view>

#include "queue-service/engine/limits.hpp"

namespace orderflow::queue {
namespace {

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

Result<void> validate(const Tags& tags) {
    if (tags.size() > limits::tags_max) return fail(ErrorKind::invalid_input, "queue.too_many_tags");
    for (const auto& [key, value] : tags) {
        if (key.empty() || code_points(key) > limits::tag_key_max || code_points(value) > limits::tag_value_max) {
            return fail(ErrorKind::invalid_input, "queue.tag_invalid");
        }
    }
    return {};
}

}  // namespace orderflow::queue
