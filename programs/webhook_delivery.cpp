#include "programs/webhook_delivery.hpp"

#include <utility>

namespace orderflow {

Result<std::unique_ptr<WebhookDelivery>> WebhookDelivery::open(Parts parts, net::OutboundRules rules) {
    net::HttpPoolSettings settings;
    settings.connections_per_server = 8;
    settings.public_addresses_only = !rules.private_addresses;
    auto pool = net::HttpPool::create({parts.loop.loop(), parts.loop.executor(), parts.clock}, std::move(settings));
    if (!pool) return fail(std::move(pool).error());
    return std::unique_ptr<WebhookDelivery>(new WebhookDelivery(parts, rules, *std::move(pool)));
}

WebhookDelivery::WebhookDelivery(Parts parts, net::OutboundRules rules, std::unique_ptr<net::HttpPool> pool)
    : pool_(std::move(pool)),
      sender_(*pool_, parts.clock, rules),
      observer_(parts.metrics, parts.log),
      dispatcher_({parts.store, parts.reader, parts.orders, sender_, observer_, parts.entropy},
                  {parts.loop.executor(), Spawner(parts.loop.loop()), parts.clock}, worker::DispatchPolicy()) {}

}  // namespace orderflow
