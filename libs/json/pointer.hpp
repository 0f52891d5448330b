// JSON Pointer (RFC 6901): the name of one place in a document, for error messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/json/value.hpp"

namespace orderflow::json {

// `parent` + "/" + the name with '~' and '/' escaped.
std::string pointer_to(std::string_view parent, std::string_view name);
std::string pointer_to(std::string_view parent, std::size_t index);

// A place in a document as a chain towards its root, which is the place without a parent: the text of its pointer is
// made only when something has to be said about it. What it refers to outlives it.
struct Place {
    const Place* parent = nullptr;
    std::string_view name = {};
    std::size_t index = 0;
    bool in_array = false;

    std::string pointer() const;
};
inline constexpr Place whole_document{};

// The pointer of every member whose name was already used in the same object, in document order; a name that occurs
// three times is reported twice. O(n log n) in the number of members.
std::vector<std::string> duplicate_members(const Value& document);

}  // namespace orderflow::json
