#include "libs/json/pointer.hpp"

#include <algorithm>
#include <set>

namespace orderflow::json {
namespace {

// Which members repeat a name before them. Few names are compared with each other, many are kept in a set: a hostile
// document must not cost the square of its length.
std::vector<bool> repeats(Value::Object members) {
    constexpr std::size_t few = 16;
    std::vector<bool> result(members.size());
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto name = members[i].name;
        const auto before = members.first(i);
        result[i] = members.size() <= few ? std::ranges::find(before, name, &Member::name) != before.end()
                                          : !names.insert(name).second;
    }
    return result;
}

void collect(const Value& value, const Place& at, std::vector<std::string>& found) {
    if (!value.repeats_a_name()) return;
    if (const auto* items = value.array()) {
        for (std::size_t i = 0; i < items->size(); ++i) {
            collect((*items)[i], Place{.parent = &at, .index = i, .in_array = true}, found);
        }
    }
    if (const auto* members = value.object()) {
        const auto repeated = repeats(*members);
        for (std::size_t i = 0; i < members->size(); ++i) {
            const Place place{.parent = &at, .name = (*members)[i].name};
            if (repeated[i]) found.push_back(place.pointer());
            collect((*members)[i].value, place, found);
        }
    }
}

}  // namespace

std::string pointer_to(std::string_view parent, std::string_view name) {
    std::string pointer(parent);
    pointer += '/';
    for (const char c : name) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

std::string pointer_to(std::string_view parent, std::size_t index) {
    return std::string(parent) + "/" + std::to_string(index);
}

std::string Place::pointer() const {
    if (parent == nullptr) return {};
    return in_array ? pointer_to(parent->pointer(), index) : pointer_to(parent->pointer(), name);
}

std::vector<std::string> duplicate_members(const Value& document) {
    std::vector<std::string> found;
    collect(document, Place{}, found);
    return found;
}

}  // namespace orderflow::json
