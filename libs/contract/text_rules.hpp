// Rules of texts in requests: length in code points, white space at the ends, control characters.
// All texts are valid UTF-8 (the JSON parser and the form decoder refuse anything else).
#pragma once

#include <cstddef>
#include <string_view>

namespace orderflow::contract {

std::size_t code_points(std::string_view text) noexcept;

// Without the characters of Unicode's White_Space property at both ends.
std::string_view trimmed(std::string_view text) noexcept;

// Whether a character of the category Cc (C0, DEL, C1) occurs; a line feed is passed over when allowed.
bool has_control_character(std::string_view text, bool allow_line_feed) noexcept;

// One '@' with something before it, a name with a dot inside behind it, no white space. Whether mail arrives there
// only sending it can tell.
bool is_email(std::string_view text) noexcept;

// An optional '+', then digits with blanks and ()./- between them, a digit first.
bool is_phone(std::string_view text) noexcept;

}  // namespace orderflow::contract
