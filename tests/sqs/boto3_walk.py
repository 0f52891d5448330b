"""What programs do with boto3, against the queue-service of sys.argv[1]. Prints a line of JSON for each case."""

import json
import sys
import urllib.error
import urllib.request

import boto3
import botocore
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

URL = sys.argv[1]
ACCOUNT = "000000000000"
REGION = "eu-west-1"

session = boto3.session.Session(region_name=REGION)
sqs = session.client("sqs", endpoint_url=URL)
PROTOCOL = sqs.meta.service_model.metadata["protocol"]


def arn(name):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def create(name, **attributes):
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} is not {wanted!r}")


def refused(codes, call, **arguments):
    """Newer versions have the JSON protocol, whose code of this error may be another than that of query."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise
        equal(len(error.response["ResponseMetadata"]["RequestId"]), 36)
        return error
    raise AssertionError(f"nothing was refused: {codes}")


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def queues_are_created_found_and_deleted():
    url = create("py-life", VisibilityTimeout="60")
    equal(url, f"{URL}/{ACCOUNT}/py-life")
    equal(sqs.get_queue_url(QueueName="py-life")["QueueUrl"], url)
    create("py-life-2")
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix="py-life", PaginationConfig={"PageSize": 1})
    equal([found for page in pages for found in page["QueueUrls"]], [url, url + "-2"])
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    equal((attributes["VisibilityTimeout"], attributes["QueueArn"]), ("60", arn("py-life")))
    sqs.delete_queue(QueueUrl=url)
    error = refused(["AWS.SimpleQueueService.NonExistentQueue"], sqs.get_queue_url, QueueName="py-life")
    equal(isinstance(error, sqs.exceptions.QueueDoesNotExist), True)


def messages_come_back_as_they_were_sent():
    url = create("py-message")
    attributes = {
        "text": {"DataType": "String", "StringValue": "x"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    body = "h\u00e9llo <&>\r\n\U0001f600"
    sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    [message] = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
    equal((message["Body"], message["MessageId"]), (body, sent["MessageId"]))
    equal(message["MessageAttributes"], attributes)
    equal(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
    equal(message["Attributes"]["ApproximateReceiveCount"], "1")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    refused(["ReceiptHandleIsInvalid"], sqs.delete_message, QueueUrl=url, ReceiptHandle="x")


def entries_of_a_batch_fail_one_by_one():
    url = create("py-batch")
    entries = [{"Id": "a", "MessageBody": "1"}, {"Id": "late", "MessageBody": "2", "DelaySeconds": 901}]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    equal([entry["Id"] for entry in answer["Successful"]], ["a"])
    equal([(entry["Id"], entry["Code"]) for entry in answer["Failed"]], [("late", "InvalidParameterValue")])
    many = [{"Id": str(i), "MessageBody": "x"} for i in range(11)]
    too_many = ["AWS.SimpleQueueService.TooManyEntriesInBatchRequest"]
    refused(too_many, sqs.send_message_batch, QueueUrl=url, Entries=many)


def the_resource_interface_works():
    queue = session.resource("sqs", endpoint_url=URL).create_queue(QueueName="py-resource", tags={"team": "shop"})
    queue.send_messages(Entries=[{"Id": str(i), "MessageBody": str(i)} for i in range(10)])
    received = queue.receive_messages(MaxNumberOfMessages=10, WaitTimeSeconds=5)
    equal(sorted(message.body for message in received), sorted(str(i) for i in range(10)))
    received[0].delete()
    queue.purge()
    queue.load()
    equal(queue.attributes["ApproximateNumberOfMessagesNotVisible"], "0")
    equal(sqs.list_queue_tags(QueueUrl=queue.url)["Tags"], {"team": "shop"})


def dead_letters_are_moved_back():
    create("py-dead")
    policy = json.dumps({"deadLetterTargetArn": arn("py-dead"), "maxReceiveCount": "1"})
    url = create("py-fragile", VisibilityTimeout="0", RedrivePolicy=policy)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    equal(len(sqs.receive_message(QueueUrl=url)["Messages"]), 1)
    equal("Messages" in sqs.receive_message(QueueUrl=url), False)
    sqs.start_message_move_task(SourceArn=arn("py-dead"))
    [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    equal(message["Body"], "x")
    [task] = sqs.list_message_move_tasks(SourceArn=arn("py-dead"))["Results"]
    equal((task["Status"], task["ApproximateNumberOfMessagesMoved"]), ("COMPLETED", 1))
    refused(["ResourceNotFoundException"], sqs.start_message_move_task, SourceArn=arn("py-nothing"))


def a_presigned_get_is_served_until_it_expires():
    create("py-presigned")
    asked = f"{URL}/{ACCOUNT}/py-presigned?Action=SendMessage&MessageBody=by%20GET&Version=2012-11-05"

    def presigned(expires):
        request = AWSRequest(method="GET", url=asked)
        SigV4QueryAuth(session.get_credentials(), "sqs", REGION, expires=expires).add_auth(request)
        return request.url

    equal("<MessageId>" in get(presigned(60)), True)
    for url in (presigned(60).replace("by%20GET", "other"), presigned(0)):
        try:
            get(url)
        except urllib.error.HTTPError as error:
            equal(error.code in (400, 403), True)
        else:
            raise AssertionError(f"served: {url}")
    if PROTOCOL == "query":  # of another protocol botocore cannot make a GET
        url = sqs.generate_presigned_url("list_queues", Params={"QueueNamePrefix": "py-pres"}, HttpMethod="GET")
        equal(f"<QueueUrl>{URL}/{ACCOUNT}/py-presigned</QueueUrl>" in get(url), True)


CASES = [
    queues_are_created_found_and_deleted,
    messages_come_back_as_they_were_sent,
    entries_of_a_batch_fail_one_by_one,
    the_resource_interface_works,
    dead_letters_are_moved_back,
    a_presigned_get_is_served_until_it_expires,
]

print(json.dumps({"version": botocore.__version__, "protocol": PROTOCOL}))
for case in CASES:
    problem = None
    try:
        case()
    except Exception as error:  # each case is told, whatever became of it
        problem = f"{type(error).__name__}: {error}"
    print(json.dumps({"name": case.__name__.replace("_", " "), "problem": problem}), flush=True)
