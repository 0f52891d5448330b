// JsonAnswer: writes a described answer for the AWS JSON protocol. What is absent or empty is left out, as AWS does.
#pragma once

#include <optional>
#include <vector>

#include "libs/base/base64.hpp"
#include "libs/json/writer.hpp"
#include "queue-service/protocol/wire_name.hpp"

namespace orderflow::sqs {

class JsonAnswer {
  public:
    explicit JsonAnswer(json::Writer& out) : out_(out) {}

    template <class T>
    void field(WireName name, const T& value) {
        out_.key(name.json);
        write(value);
    }
    template <class T>
    void field(WireName name, const std::optional<T>& value) {
        if (value) field(name, *value);
    }
    template <class T>
    void field(WireName name, const std::vector<T>& items) {
        if (items.empty()) return;
        out_.key(name.json).begin_array();
        for (const auto& item : items) write(item);
        out_.end_array();
    }
    template <class T>
    void field(WireName name, const Map<T>& entries) {
        if (entries.empty()) return;
        out_.key(name.json).begin_object();
        for (const auto& [key, value] : entries) {
            out_.key(key);
            write(value);
        }
        out_.end_object();
    }
    // A member of a struct that is read as well as written.
    template <class T>
    void optional(WireName name, const T& value) {
        field(name, value);
    }

  private:
    void write(const std::string& text) { out_.string(text); }
    void write(std::int64_t number) { out_.integer(number); }
    void write(bool truth) { out_.boolean(truth); }
    void write(const Blob& blob) { out_.string(to_base64(blob.bytes)); }
    template <Described T>
    void write(const T& value) {
        out_.begin_object();
        T::describe(value, *this);
        out_.end_object();
    }

    json::Writer& out_;
};

}  // namespace orderflow::sqs
