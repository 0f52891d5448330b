// parse(): strict JSON text to a Document. Strict means RFC 8259 to the letter, checked with JSONTestSuite: every
// must-reject case is an error, every must-accept case a value.
#pragma once

#include <cstddef>
#include <string_view>

#include "libs/json/document.hpp"

namespace orderflow::json {

struct ParseLimits {
    std::size_t bytes;       // of the text
    std::size_t depth = 32;  // of arrays and objects inside one another; a scalar has depth 0
};

// All errors are invalid_input: "json.too_large", "json.too_deep", and "json.malformed" for everything that is not one
// JSON text in UTF-8. What the RFC leaves open is refused, as the two ends of a pipeline could read it differently: a
// byte order mark, escapes of lone surrogates. Numbers of any size are accepted: they are text here.
// Takes time and memory in proportion to the text. Any thread.
Result<Document> parse(std::string_view text, ParseLimits limits);

}  // namespace orderflow::json
