// How a product with its stock lies in its row. Conventions as in order_record.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/orders/domain/product.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

// SKU and stock lie in columns of their own; the record's checksum covers them.
std::string encode_item(const orders::ShelfItem& item);
std::optional<orders::ShelfItem> decode_item(std::string_view sku, const orders::Stock& stock, Bytes record);

}  // namespace orderflow::storage
