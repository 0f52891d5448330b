#include "libs/storage/records/item_record.hpp"

#include <utility>
#include <vector>

#include "libs/sqlite/statement.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t item_format = 1;

std::vector<std::byte> key_of_row(std::string_view sku, const orders::Stock& stock) {
    const auto numbers = key_of(stock.on_hand, stock.reserved);
    std::vector<std::byte> key(numbers.begin(), numbers.end());
    const auto text = sqlite::as_blob(sku);
    key.insert(key.end(), text.begin(), text.end());
    return key;
}

}  // namespace

std::string encode_item(const orders::ShelfItem& item) {
    ByteWriter out(item_format);
    out.text(item.product.name);
    out.text(item.product.description);
    out.text(item.product.category);
    out.natural(item.product.prices.size());
    for (const auto& price : item.product.prices) {
        out.text(price.currency.code());
        out.integer(price.minor);
    }
    return std::move(out).sealed(key_of_row(item.product.sku.value(), item.stock));
}

std::optional<orders::ShelfItem> decode_item(std::string_view sku_text, const orders::Stock& stock, Bytes record) {
    auto sku = orders::Sku::parse(sku_text);
    if (!sku) return std::nullopt;
    orders::Product product(*std::move(sku));
    ByteReader in(record, key_of_row(sku_text, stock), item_format);
    product.name = in.text();
    product.description = in.text();
    product.category = in.text();
    const auto prices = in.count();
    for (std::size_t i = 0; i < prices; ++i) {
        const auto currency = orders::Currency::parse(in.text());
        const auto minor = in.integer();
        if (!currency) return std::nullopt;
        product.prices.emplace_back(minor, *currency);
    }
    if (!in.finished()) return std::nullopt;
    return orders::ShelfItem(std::move(product), stock);
}

}  // namespace orderflow::storage
