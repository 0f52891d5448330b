// How an OrderDraft lies in a record.
#pragma once

#include <optional>

#include "libs/orders/domain/draft.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

void write_draft(ByteWriter& out, const orders::OrderDraft& draft);

// Nothing when the bytes are no draft; `in` is spoiled then.
std::optional<orders::OrderDraft> read_draft(ByteReader& in);

}  // namespace orderflow::storage
