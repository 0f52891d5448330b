#include "bench/pieces/bench_orders.hpp"

#include <fmt/format.h>

#include "libs/contract/draft_json.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::bench {
namespace {

constexpr int products = 20;
namespace samples = orders::samples;

std::string product_name(std::size_t number) { return fmt::format("SKU-{:04}", number); }

}  // namespace

std::vector<orders::ShelfItem> catalogue() {
    std::vector<orders::ShelfItem> items;
    for (int n = 0; n < products; ++n) {
        orders::Product product(samples::sku(product_name(static_cast<std::size_t>(n))));
        product.name = fmt::format("Product number {}", n);
        product.description = "One of twenty products, with a sentence that says what it is.";
        product.category = "Bench";
        product.prices = {orders::Money(1000 + n, samples::eur()), orders::Money(900 + n, samples::gbp())};
        items.emplace_back(std::move(product), orders::Stock{1'000'000'000, 0});
    }
    return items;
}

orders::PlaceOrder random_order(Entropy& entropy, std::size_t number) {
    orders::OrderId::Bytes bytes;
    entropy.fill(bytes);
    const auto product = [&] { return product_name(entropy.below(products)); };
    auto draft = samples::draft({{product(), 1}, {product(), 2}});
    draft.customer.email = fmt::format("customer{}@example.org", number / 2);
    draft.metadata = {{"channel", "web"}};
    return samples::place(orders::OrderId(bytes), std::move(draft));
}

std::string request_body(const orders::PlaceOrder& order) { return contract::encode_draft(*order.draft); }

orders::SettleCharge captured(const orders::PlaceOrder& order) {
    return {order.id, orders::charge_effect(order.id), orders::EffectState::captured, "pay_1"};
}

}  // namespace orderflow::bench
