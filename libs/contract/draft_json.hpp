// The canonical JSON of an OrderDraft: what the fingerprint is made of, what the message carries and what the store
// keeps. The form is that of an order request with members in one fixed order, absent members left out and metadata
// sorted, so that equal drafts give equal bytes. It must never change for a draft that can exist today: fingerprints of
// repeated keys would no longer match (docs/formats/order-message.md).
#pragma once

#include <string>

#include "libs/base/result.hpp"
#include "libs/json/value.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/draft.hpp"

namespace orderflow::contract {

// Total; any draft that read_order_request() gave comes back equal from decode_draft().
std::string encode_draft(const orders::OrderDraft& draft);

// The same rules as for a request: limits may be widened, never narrowed, or stored drafts become unreadable.
// invalid_input "draft.malformed", with the first broken rule and its place in the detail.
Result<orders::OrderDraft> decode_draft(const json::Value& value);

// Parts of it that the order resource shows in the same form.
void write_customer(json::Writer& out, const orders::Customer& customer);
void write_address(json::Writer& out, const orders::Address& address);
void write_metadata(json::Writer& out, const orders::Metadata& metadata);

}  // namespace orderflow::contract
