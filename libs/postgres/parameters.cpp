#include "libs/postgres/parameters.hpp"

#include <bit>
#include <utility>

namespace orderflow::postgres {

namespace {

template <class Integer>
void append_big_endian(std::string& out, Integer value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int shift = 8 * (static_cast<int>(sizeof(Integer)) - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((bits >> static_cast<unsigned>(shift)) & 0xffU));
    }
}

void append_length(std::string& out, std::size_t value) { append_big_endian(out, static_cast<std::uint32_t>(value)); }

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

void Array::add(std::int64_t value) {
    append_length(elements_, sizeof(value));
    append_big_endian(elements_, std::bit_cast<std::uint64_t>(value));
    ++size_;
}

void Array::add(std::string_view value) {
    append_length(elements_, value.size());
    elements_.append(value);
    ++size_;
}

void Array::add(Bytes value) { add(as_text(value)); }

Parameters& Parameters::integer(std::int64_t value) {
    std::string bytes;
    append_big_endian(bytes, std::bit_cast<std::uint64_t>(value));
    return add(Type::int8, std::move(bytes));
}

Parameters& Parameters::text(std::string_view value) { return add(Type::text, std::string(value)); }
Parameters& Parameters::blob(Bytes value) { return add(Type::bytea, std::string(as_text(value))); }
Parameters& Parameters::uuid(Bytes value) { return add(Type::uuid, std::string(as_text(value))); }

// Dimensions, whether there are nulls, type of the elements; for the one dimension its size and lowest index; then each
// element with its length.
Parameters& Parameters::array(const Array& value) {
    std::string bytes;
    append_length(bytes, value.empty() ? 0 : 1);
    append_length(bytes, 0);
    append_length(bytes, std::to_underlying(value.element_));
    if (!value.empty()) {
        append_length(bytes, value.size_);
        append_length(bytes, 1);
    }
    return add(value.type_, bytes + value.elements_);
}

Parameters& Parameters::add(Type type, std::string value) {
    types_.push_back(type);
    values_.push_back(std::move(value));
    return *this;
}

}  // namespace orderflow::postgres
