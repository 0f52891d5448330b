// JsonReader: reads a described request from an object of the AWS JSON protocol.
//
// null is as good as absent; members that nobody asks for are passed over. The first thing that is wrong is kept, and
// reading goes on: SerializationException for another type of value, MissingParameter for a required member.
#pragma once

#include <optional>

#include "libs/base/base64.hpp"
#include "libs/json/value.hpp"
#include "queue-service/protocol/sqs_error.hpp"
#include "queue-service/protocol/wire_name.hpp"

namespace orderflow::sqs {

class JsonReader {
  public:
    // `object` and `failure` outlive the reader. `path_queue` is the queue in the path of the request: it stands for a
    // QueueUrl that is not there.
    JsonReader(const json::Value& object, std::string_view path_queue, std::optional<SqsError>& failure)
        : object_(object), path_queue_(path_queue), failure_(failure) {}

    void queue_url(std::string& out) {
        read_member("QueueUrl", out);
        if (out.empty()) out = path_queue_;
        if (out.empty()) note(missing_parameter("QueueUrl"));
    }
    template <class T>
    void required(WireName name, T& out) {
        const auto* value = find(name);
        if (value == nullptr) return note(missing_parameter(name.json));
        read(*value, name.json, out);
        if constexpr (std::is_same_v<T, std::string>) {
            if (out.empty()) note(missing_parameter(name.json));
        }
    }
    template <class T>
    void optional(WireName name, T& out) {
        read_member(name, out);
    }

  private:
    const json::Value* find(WireName name) const {
        const auto* value = object_.find(name.json);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    template <class T>
    void read_member(WireName name, T& out) {
        if (const auto* value = find(name)) read(*value, name.json, out);
    }

    void read(const json::Value& value, std::string_view name, std::string& out) {
        const auto* text = value.string();
        if (text == nullptr) return wrong_type(name, "a string");
        out = *text;
    }
    void read(const json::Value& value, std::string_view name, std::int64_t& out) {
        const auto number = value.number();
        const auto integer = number ? number->to_int64() : fail(ErrorKind::invalid_input, "json.not_a_number");
        if (!integer) return wrong_type(name, "an integer");
        out = *integer;
    }
    void read(const json::Value& value, std::string_view name, Blob& out) {
        const auto* text = value.string();
        auto bytes = text == nullptr ? std::nullopt : from_base64(*text);
        if (!bytes) return wrong_type(name, "base64");
        out.bytes = *std::move(bytes);
    }
    template <class T>
    void read(const json::Value& value, std::string_view name, std::optional<T>& out) {
        read(value, name, out.emplace());
    }
    template <class T>
    void read(const json::Value& value, std::string_view name, std::vector<T>& out) {
        const auto* items = value.array();
        if (items == nullptr) return wrong_type(name, "a list");
        for (const auto& item : *items) read(item, name, out.emplace_back());
    }
    template <class T>
    void read(const json::Value& value, std::string_view name, Map<T>& out) {
        const auto* members = value.object();
        if (members == nullptr) return wrong_type(name, "a map");
        for (const auto& member : *members) {
            if (!member.value.is_null()) read(member.value, name, out[std::string(member.name)]);
        }
    }
    template <Described T>
    void read(const json::Value& value, std::string_view name, T& out) {
        if (value.object() == nullptr) return wrong_type(name, "a structure");
        JsonReader inner(value, {}, failure_);
        T::describe(out, inner);
    }

    void wrong_type(std::string_view name, std::string_view expected) {
        note({Fault::malformed_input, std::string(name) + " must be " + std::string(expected) + "."});
    }
    void note(SqsError error) {
        if (!failure_) failure_ = std::move(error);
    }

    const json::Value& object_;
    std::string_view path_queue_;
    std::optional<SqsError>& failure_;
};

}  // namespace orderflow::sqs
