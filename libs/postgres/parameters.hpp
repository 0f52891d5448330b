// Parameters: the values of one run of a statement, in PostgreSQL's binary format. Array: one column of many rows, for
// `unnest($1, $2, ...)`: a group of rows is one statement.
// Source: PostgreSQL documentation, "Frontend/Backend Protocol", and the send/recv functions of array, int8, uuid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::postgres {

using Bytes = std::span<const std::byte>;

// The object identifiers of the built-in types (pg_type.dat); they never change.
enum class Type : std::uint32_t {
    bytea = 17,
    int8 = 20,
    text = 25,
    bytea_array = 1001,
    text_array = 1009,
    int8_array = 1016,
    uuid = 2950,
    uuid_array = 2951,
};

class Array {
  public:
    static Array of_integers() { return Array(Type::int8_array, Type::int8); }
    static Array of_texts() { return Array(Type::text_array, Type::text); }
    static Array of_blobs() { return Array(Type::bytea_array, Type::bytea); }
    static Array of_uuids() { return Array(Type::uuid_array, Type::uuid); }  // 16 bytes each

    void add(std::int64_t value);
    void add(std::string_view value);
    void add(Bytes value);

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

  private:
    friend class Parameters;
    Array(Type array, Type element) : type_(array), element_(element) {}

    Type type_;
    Type element_;
    std::size_t size_ = 0;
    std::string elements_;
};

class Parameters {
  public:
    Parameters& integer(std::int64_t value);
    Parameters& text(std::string_view value);
    Parameters& blob(Bytes value);
    Parameters& uuid(Bytes value);  // 16 bytes
    Parameters& array(const Array& value);

    std::span<const Type> types() const noexcept { return types_; }
    std::span<const std::string> values() const noexcept { return values_; }

  private:
    Parameters& add(Type type, std::string value);

    std::vector<Type> types_;
    std::vector<std::string> values_;
};

}  // namespace orderflow::postgres
