#include "libs/aws/sns_codec.hpp"

#include <charconv>
#include <optional>

#include "libs/aws/sns_fault.hpp"
#include "libs/aws/uri_escape.hpp"
#include "libs/aws/xml_document.hpp"

namespace orderflow::aws {
namespace {

constexpr std::string_view string_type = "String";

std::unexpected<Error> unreadable(std::string detail) {
    return fail(ErrorKind::unavailable, "topic.answer_unreadable", std::move(detail));
}

void write_field(std::string& out, std::string_view name, std::string_view value) {
    if (!out.empty()) out += '&';
    out.append(name).append("=");
    append_escaped(out, value);
}

void write_entry(std::string& out, const TopicArn& topic, const SnsMessage& message, std::size_t place) {
    const auto entry = "PublishBatchRequestEntries.member." + std::to_string(place + 1) + ".";
    write_field(out, entry + "Id", std::to_string(place));
    write_field(out, entry + "Message", message.body);
    for (std::size_t i = 0; i < message.attributes.size(); ++i) {
        const auto attribute = entry + "MessageAttributes.entry." + std::to_string(i + 1) + ".";
        write_field(out, attribute + "Name", message.attributes[i].first);
        write_field(out, attribute + "Value.DataType", string_type);
        write_field(out, attribute + "Value.StringValue", message.attributes[i].second);
    }
    if (!topic.is_fifo()) return;
    write_field(out, entry + "MessageGroupId", message.group);
    write_field(out, entry + "MessageDeduplicationId", message.deduplication_id);
}

std::optional<std::size_t> place_of(const XmlElement& member, std::size_t entries) {
    const auto id = member.text_of("Id");
    std::size_t place = 0;
    const auto parsed = std::from_chars(id.data(), id.data() + id.size(), place);
    if (parsed.ec != std::errc() || parsed.ptr != id.data() + id.size() || place >= entries) return std::nullopt;
    return place;
}

Result<std::string> outcome_of(const XmlElement& member, bool is_failure) {
    if (is_failure) {
        const bool sender = member.text_of("SenderFault") == "true";
        return fail(sns_fault_of(member.text_of("Code"), member.text_of("Message"), sender).error);
    }
    const auto id = member.text_of("MessageId");
    if (id.empty()) return unreadable("an entry without its MessageId");
    return std::string(id);
}

}  // namespace

std::size_t SnsMessage::bytes() const {
    std::size_t all = body.size();
    for (const auto& [name, value] : attributes) all += name.size() + string_type.size() + value.size();
    return all;
}

std::string write_publish_batch(const TopicArn& topic, std::span<const SnsMessage> messages) {
    std::string out;
    write_field(out, "Action", "PublishBatch");
    write_field(out, "Version", "2010-03-31");
    write_field(out, "TopicArn", topic.text);
    for (std::size_t i = 0; i < messages.size(); ++i) write_entry(out, topic, messages[i], i);
    return out;
}

Result<std::vector<Result<std::string>>> read_publish_batch(std::string_view answer, std::size_t entries) {
    const auto read = read_xml(answer);
    if (!read) return unreadable(read.error().code() + " " + read.error().detail());
    const auto* result = read->name == "PublishBatchResponse" ? read->find("PublishBatchResult") : nullptr;
    if (result == nullptr) return unreadable("no PublishBatchResult");
    std::vector<std::optional<Result<std::string>>> found(entries);
    for (const auto* list : {"Successful", "Failed"}) {
        const auto* members = result->find(list);
        if (members == nullptr) continue;
        for (const auto& member : members->children) {
            const auto place = place_of(member, entries);
            if (!place || found[*place]) return unreadable("an entry that was not sent, or one twice");
            found[*place] = outcome_of(member, list == std::string_view("Failed"));
        }
    }
    std::vector<Result<std::string>> all;
    all.reserve(entries);
    for (auto& one : found) all.push_back(one ? *std::move(one) : unreadable("an entry is missing"));
    return all;
}

}  // namespace orderflow::aws
