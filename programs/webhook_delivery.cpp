#include "programs/webhook_delivery.hpp"

#include <utility>

namespace orderflow {

Result<std::unique_ptr<WebhookDelivery>> WebhookDelivery::open(Parts parts, net::OutboundRules rules,
                                                               std::optional<EventTopicSettings> topic) {
    net::HttpPoolSettings settings;
    // Endpoints may be addresses of one server. The dispatcher bounds the calls of each; none may wait for another's.
    settings.connections_per_server = orders::limits::endpoints_max * worker::DispatchPolicy().calls_max;
    settings.public_addresses_only = !rules.private_addresses;
    auto pool = net::HttpPool::create({parts.loop.loop(), parts.loop.executor(), parts.clock}, std::move(settings));
    if (!pool) return fail(std::move(pool).error());
    std::unique_ptr<EventTopic> opened;
    if (topic) {
        auto found = EventTopic::open({parts.loop, parts.clock, parts.entropy, parts.log}, *std::move(topic));
        if (!found) return fail(std::move(found).error());
        opened = *std::move(found);
    }
    return std::unique_ptr<WebhookDelivery>(new WebhookDelivery(parts, rules, *std::move(pool), std::move(opened)));
}

WebhookDelivery::WebhookDelivery(Parts parts, net::OutboundRules rules, std::unique_ptr<net::HttpPool> pool,
                                 std::unique_ptr<EventTopic> topic)
    : pool_(std::move(pool)),
      topic_(std::move(topic)),
      sender_(*pool_, parts.clock, rules),
      routes_(sender_, topic_ ? &topic_->sender() : nullptr),
      observer_(parts.metrics, parts.log),
      dispatcher_({parts.store, parts.reader, parts.orders, routes_, observer_, parts.entropy, parts.tracer},
                  {parts.loop.executor(), Spawner(parts.loop.loop()), parts.clock}, worker::DispatchPolicy()) {
    if (!topic_) return;
    declaration_ = std::make_unique<worker::TopicDeclaration>(
        worker::TopicDeclaration::Parts{parts.reader, parts.operators, observer_},
        orders::LoopParts{parts.loop.executor(), Spawner(parts.loop.loop()), parts.clock}, topic_->declared());
}

void WebhookDelivery::start() {
    dispatcher_.start();
    if (declaration_) declaration_->start();
}

void WebhookDelivery::ask_to_stop() {
    dispatcher_.ask_to_stop();
    if (declaration_) declaration_->ask_to_stop();
}

task<void> WebhookDelivery::stop(Instant deadline) {
    co_await dispatcher_.stop(deadline);
    if (declaration_) co_await declaration_->stop(deadline);
}

void WebhookDelivery::close() {
    pool_->close_idle();
    if (topic_) topic_->close();
}

}  // namespace orderflow
