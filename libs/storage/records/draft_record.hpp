// How an OrderDraft lies in a record.
#pragma once

#include <optional>

#include "libs/orders/domain/draft.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

void write_draft(ByteWriter& out, const orders::OrderDraft& draft);

// Nothing when the bytes are no draft; `in` is spoiled then.
std::optional<orders::OrderDraft> read_draft(ByteReader& in);

// The amounts that came with an order of so many lines. They lie apart from its draft, so that the body of an order
// without amounts is what programs before them read and write.
void write_amounts(ByteWriter& out, const orders::GivenAmounts& amounts);
orders::GivenAmounts read_amounts(ByteReader& in, std::size_t lines);

}  // namespace orderflow::storage
