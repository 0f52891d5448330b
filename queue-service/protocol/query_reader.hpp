// QueryReader: reads a described request from the parameters of the query protocol. Errors as JsonReader;
// MalformedInput for a value that is no integer or no base64.
#pragma once

#include <charconv>
#include <optional>

#include "libs/base/base64.hpp"
#include "queue-service/protocol/query_form.hpp"

namespace orderflow::sqs {

class QueryReader {
  public:
    // What is passed in outlives the reader. `prefix`: "" or "SendMessageBatchRequestEntry.1.".
    QueryReader(const QueryForm& form, std::string prefix, std::string_view path_queue,
                std::optional<SqsError>& failure)
        : form_(form), prefix_(std::move(prefix)), path_queue_(path_queue), failure_(failure) {}

    void queue_url(std::string& out) {
        read(full("QueueUrl"), out);
        if (out.empty()) out = path_queue_;
        if (out.empty()) note(missing_parameter("QueueUrl"));
    }
    template <class T>
    void required(WireName name, T& out) {
        const auto place = full(name);
        if constexpr (is_collection<T>) {
            read(place, name, out);
            if (out.empty()) note(missing_parameter(place + ".1"));
        } else {
            if (form_.find(place) == nullptr) note(missing_parameter(place));
            read(place, out);
        }
    }
    template <class T>
    void optional(WireName name, T& out) {
        if constexpr (is_collection<T>) {
            read(full(name), name, out);
        } else {
            read(full(name), out);
        }
    }

  private:
    template <class T>
    static constexpr bool is_collection = requires(T& value) {
        value.clear();
        typename T::allocator_type;
    } && !std::is_same_v<T, std::string>;

    std::string full(WireName name) const { return prefix_ + std::string(name.query); }

    void read(const std::string& place, std::string& out) {
        if (const auto* text = form_.find(place)) out = *text;
    }
    void read(const std::string& place, std::int64_t& out) {
        const auto* text = form_.find(place);
        if (text == nullptr) return;
        const auto end = text->data() + text->size();
        const auto [stopped, error] = std::from_chars(text->data(), end, out);
        if (error != std::errc() || stopped != end) malformed(place, "an integer");
    }
    void read(const std::string& place, Blob& out) {
        const auto* text = form_.find(place);
        if (text == nullptr) return;
        auto bytes = from_base64(*text);
        if (!bytes) return malformed(place, "base64");
        out.bytes = *std::move(bytes);
    }
    template <class T>
    void read(const std::string& place, std::optional<T>& out) {
        if (form_.find(place) != nullptr) read(place, out.emplace());
    }
    template <Described T>
    void read(const std::string& place, T& out) {
        QueryReader inner(form_, place + ".", {}, failure_);
        T::describe(out, inner);
    }
    template <class T>
    void read(const std::string& place, WireName /*name*/, std::vector<T>& out) {
        for (const auto& index : form_.indexes(place)) {
            const auto item = place + "." + index;
            if constexpr (std::is_same_v<T, std::string>) {
                if (form_.find(item) == nullptr) continue;  // an empty list is sent as one empty value
            }
            read(item, out.emplace_back());
        }
    }
    template <class T>
    void read(const std::string& place, WireName name, Map<T>& out) {
        for (const auto& index : form_.indexes(place)) {
            const auto entry = place + "." + index + ".";
            const auto* key = form_.find(entry + std::string(name.key));
            if (key == nullptr) return note(missing_parameter(entry + std::string(name.key)));
            read(entry + "Value", out[*key]);
        }
    }

    void malformed(std::string_view place, std::string_view expected) {
        note({Fault::malformed_input, std::string(place) + " must be " + std::string(expected) + "."});
    }
    void note(SqsError error) {
        if (!failure_) failure_ = std::move(error);
    }

    const QueryForm& form_;
    std::string prefix_;
    std::string_view path_queue_;
    std::optional<SqsError>& failure_;
};

}  // namespace orderflow::sqs
