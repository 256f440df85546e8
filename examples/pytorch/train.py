import json, os, torch

params = json.loads(os.environ["REVSWEEP_PARAMS"])
torch.manual_seed(int(os.environ["REVSWEEP_SEED"]))
x = torch.rand(2000, 2) * 2 - 1
y = (x.prod(1) > 0).long()  # the exclusive or of two signs
model = torch.nn.Sequential(torch.nn.Linear(2, params["hidden"]), torch.nn.Tanh(), torch.nn.Linear(params["hidden"], 2))
optimizer = torch.optim.Adam(model.parameters(), lr=params["learning_rate"])
for epoch in range(1, 28):
    for batch in torch.randperm(1500).split(50):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()
    accuracy = (model(x[1500:]).argmax(1) == y[1500:]).float().mean().item()
    print(json.dumps({"step": epoch, "val_accuracy": accuracy}), flush=True)
