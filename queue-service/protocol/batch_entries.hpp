// What holds for the entries of every batch, and the answer that tells what became of each.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "libs/net/ascii.hpp"
#include "queue-service/protocol/model_messages.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

inline bool is_entry_id(std::string_view id) {
    return id.size() <= limits::batch_entry_id_max && std::ranges::all_of(id, [](char c) {
               const char lower = net::to_lower(c);
               return (lower >= 'a' && lower <= 'z') || net::is_digit(c) || c == '-' || c == '_';
           });
}

// EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct.
template <class Request>
Outcome<void> check_entries(const Request& request) {
    if (request.entries.empty()) {
        return refuse(Fault::empty_batch_request,
                      fmt::format("There should be at least one {} in the request.", Request::entry_name));
    }
    if (request.entries.size() > queue::limits::batch_entries_wire) {
        return refuse(Fault::too_many_entries_in_batch_request,
                      fmt::format("Maximum number of entries per request are {}. You have sent {}.",
                                  queue::limits::batch_entries_wire, request.entries.size()));
    }
    std::set<std::string_view> ids;
    for (const auto& entry : request.entries) {
        if (!is_entry_id(entry.id)) {
            return refuse(Fault::invalid_batch_entry_id,
                          "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can "
                          "be at most 80 letters long.");
        }
        if (!ids.insert(entry.id).second) {
            return refuse(Fault::batch_entry_ids_not_distinct, fmt::format("Id {} repeated.", entry.id));
        }
    }
    return {};
}

inline FailedEntry failed_entry(std::string id, SqsError error) {
    const auto& form = form_of(error.fault);
    return {.id = std::move(id),
            .sender_fault = form.sender,
            .code = std::string(form.code),
            .message = std::move(error.message)};
}

}  // namespace orderflow::sqs
