def run(event, context):
    return "worked"
