// printable(): any octets as text that a terminal and a JSON reader take for nothing else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace orderflow::observe {

// Valid UTF-8 whatever came in. Octets outside UTF-8, DEL and the C1 controls (which some terminals obey) become
// U+FFFD; the C0 controls stay, JSON escapes them. Cut to `max_bytes`, with "..." behind, never inside of a character.
std::string printable(std::string_view text, std::size_t max_bytes);

// The same for one line of a terminal: the C0 controls are written as \xNN, the end of a line too.
std::string printable_line(std::string_view text, std::size_t max_bytes);

}  // namespace orderflow::observe
