// Webhook endpoints and their delivery log as the HTTP API shows them to operators (components/schemas of
// contracts/openapi.yaml). Secrets are shown in the answer to the request that made them, and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::contract {

std::string endpoint_path(std::string_view id);  // "/v1/admin/webhooks/wh_..."

// Schema WebhookList.
std::string encode_endpoints(const std::vector<orders::EventEndpoint>& endpoints);
// Schema Webhook, with its lanes.
std::string encode_endpoint(const orders::EventEndpoint& endpoint, const std::vector<orders::EventLane>& lanes);
// Schema DeliveryList.
std::string encode_deliveries(const std::vector<orders::EventDelivery>& deliveries, bool has_more);
// Schema WebhookAccepted: the body of a 202. `secret` when one was made.
std::string encode_endpoint_accepted(const orders::OperatorCommand& command, std::string_view secret);

}  // namespace orderflow::contract
