// XmlAnswer: writes a described answer for the query protocol. Lists and maps are flattened.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/base64.hpp"
#include "queue-service/protocol/wire_name.hpp"

namespace orderflow::sqs {

// Text as it stands in an element. A carriage return is escaped, because a parser would make a line feed of it; what
// XML 1.0 cannot say (most control characters) becomes U+FFFD.
void append_xml_text(std::string& out, std::string_view text);

class XmlAnswer {
  public:
    explicit XmlAnswer(std::string& out) : out_(out) {}

    template <class T>
    void field(WireName name, const T& value) {
        element(name.query, value);
    }
    template <class T>
    void field(WireName name, const std::optional<T>& value) {
        if (value) element(name.query, *value);
    }
    template <class T>
    void field(WireName name, const std::vector<T>& items) {
        for (const auto& item : items) element(name.query, item);
    }
    template <class T>
    void field(WireName name, const Map<T>& entries) {
        for (const auto& [key, value] : entries) {
            open(name.query);
            element(name.key, key);
            element("Value", value);
            close(name.query);
        }
    }
    template <class T>
    void optional(WireName name, const T& value) {
        field(name, value);
    }

    template <class T>
    void element(std::string_view name, const T& value) {
        open(name);
        write(value);
        close(name);
    }

  private:
    void open(std::string_view name) { out_.append("<").append(name).append(">"); }
    void close(std::string_view name) { out_.append("</").append(name).append(">"); }
    void write(const std::string& text) { append_xml_text(out_, text); }
    void write(std::int64_t number) { out_ += std::to_string(number); }
    void write(bool truth) { out_ += truth ? "true" : "false"; }
    void write(const Blob& blob) { out_ += to_base64(blob.bytes); }
    template <Described T>
    void write(const T& value) {
        T::describe(value, *this);
    }

    std::string& out_;
};

}  // namespace orderflow::sqs
