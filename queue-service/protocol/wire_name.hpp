// WireName: what a member is called in the two protocols, and the types that both of them carry.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace orderflow::sqs {

// Lists and maps are flattened in the query protocol: "AttributeNames" is "AttributeName.1", "AttributeName.2" there,
// and a map "Attribute.1.Name", "Attribute.1.Value".
struct WireName {
    // NOLINTNEXTLINE(google-explicit-constructor): most members have one name, and it is written as a literal
    constexpr WireName(const char* both) : json(both), query(both) {}
    constexpr WireName(std::string_view json_name, std::string_view query_name, std::string_view map_key = "Name")
        : json(json_name), query(query_name), key(map_key) {}

    std::string_view json;
    std::string_view query;
    std::string_view key = "Name";  // of an entry of a map in the query protocol
};

template <class T>
using Map = std::map<std::string, T, std::less<>>;
using TextMap = Map<std::string>;

// Octets: base64 on the wire in both protocols.
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};

// A struct that says its members once, for every protocol: requests to a reader (optional, required, queue_url),
// answers to a writer (field).
template <class T>
concept Described = requires { typename T::IsDescribed; };

}  // namespace orderflow::sqs
