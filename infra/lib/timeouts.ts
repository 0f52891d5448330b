// Who waits how long for whom. Each gives up later than the one before it, so that an error is told by who knows the
// reason, and nobody sends on a connection that the other side is closing.
import { Duration } from 'aws-cdk-lib';

export const timeouts = {
  heartbeat: Duration.seconds(15), // api-service/handlers/event_stream.hpp; a test reads it there
  api: Duration.seconds(10), // ORDERFLOW_ACCEPT_SECONDS
  origin: Duration.seconds(30), // CloudFront, between two bytes of an answer
  originKeepAlive: Duration.seconds(30), // CloudFront's connections to the load balancer
  balancerIdle: Duration.seconds(60),
  serverIdle: Duration.seconds(75), // libs/net/http_limits.hpp; a test reads it there
  deregistration: Duration.seconds(30),
  apiDrain: Duration.seconds(25), // ORDERFLOW_DRAIN_SECONDS
  apiStop: Duration.seconds(40),
  workerDrain: Duration.seconds(50),
  workerStop: Duration.seconds(60),
} as const;
