"""The four networks: small members of the published families, under the published tensor names."""
import json
import math
import pathlib
import warnings

warnings.filterwarnings("ignore")
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from health_multimodal.image.model.modules import MLP
from health_multimodal.image.model.transformer import VisionTransformerPooler
from health_multimodal.text.model import CXRBertConfig, CXRBertModel
from safetensors.torch import save_file
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet
from transformers import BertTokenizer

SIZE = 128
TOKENS = 128
TEXT = dict(hidden_size=64, num_hidden_layers=3, num_attention_heads=4, intermediate_size=256, projection_size=64,
            max_position_embeddings=128)
VAE = dict(block_out_channels=(16, 16, 64, 96), layers_per_block=1, norm_num_groups=8, mid_block_add_attention=False)
UNET = dict(sample_size=SIZE // 8, block_out_channels=(64, 96, 128), layers_per_block=1, attention_head_dim=4,
            cross_attention_dim=TEXT["hidden_size"], norm_num_groups=16,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"))
IMAGE = dict(layers=[1, 1, 1, 1], base_width=16, image_size=SIZE, resize=SIZE, features=64, heads=4, blocks=1,
             joint_feature_size=TEXT["projection_size"])
SCHEDULER = dict(beta_schedule="linear", clip_sample=False, prediction_type="epsilon", timestep_spacing="trailing",
                 steps_offset=1)


def tokenizer(vocabulary):
    return BertTokenizer(str(vocabulary), do_lower_case=True, model_max_length=TOKENS)


def text_encoder(vocabulary_size):
    return CXRBertModel(CXRBertConfig(vocab_size=vocabulary_size, **TEXT))


def vae():
    n = len(VAE["block_out_channels"])
    return AutoencoderKL(in_channels=3, out_channels=3, latent_channels=4, sample_size=SIZE, force_upcast=False,
                         down_block_types=("DownEncoderBlock2D",) * n, up_block_types=("UpDecoderBlock2D",) * n, **VAE)


def unet():
    net = UNet2DConditionModel(in_channels=4, out_channels=4, **UNET)
    net.set_attn_processor(AttnProcessor())  # on a processor faster to train than the fused one
    return net


def scheduler():
    return DDIMScheduler(**SCHEDULER)


class Trunk(ResNet):
    """torchvision's ResNet with a narrow stem and without the classifier; returns the last feature map."""

    def __init__(self, layers, base_width):
        super().__init__(Bottleneck, layers)
        self.inplanes = base_width
        self.conv1 = nn.Conv2d(3, base_width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(base_width)
        self.layer1 = self._make_layer(Bottleneck, base_width, layers[0])
        for k in range(1, 4):
            setattr(self, f"layer{k + 1}", self._make_layer(Bottleneck, base_width << k, layers[k], stride=2))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        del self.fc, self.avgpool

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class MultiImageEncoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.encoder = Trunk(c["layers"], c["base_width"])
        self.backbone_to_vit = nn.Conv2d(c["base_width"] * 32, c["features"], 1, bias=False)
        grid = c["image_size"] // 32
        self.vit_pooler = VisionTransformerPooler(c["features"], (grid, grid), num_heads=c["heads"],
                                                  num_blocks=c["blocks"])
        self.missing_previous_emb = nn.Parameter(0.02 * torch.randn(1, c["features"], 1, 1))

    def forward(self, x, previous=None):
        patches = self.backbone_to_vit(self.encoder(x))
        if previous is None:
            other = self.missing_previous_emb.expand_as(patches)
        else:
            other = self.vit_pooler(patches, self.backbone_to_vit(self.encoder(previous)))
        return torch.cat([patches, other], 1)


class ImageEncoder(nn.Module):
    """BioViL-T's image model (hi-ml-multimodal's MultiImageModel) at another size."""

    def __init__(self, c=IMAGE):
        super().__init__()
        self.config = c
        self.encoder = MultiImageEncoder(c)
        self.projector = MLP(2 * c["features"], c["joint_feature_size"], c["joint_feature_size"], use_1x1_convs=True)

    def forward(self, x, previous=None):
        return self.projector(self.encoder(x, previous)).mean((2, 3))


class Ema:
    """A running mean of a network's weights and buffers: what is exported, at any time, without a schedule's end."""

    def __init__(self, net, decay):
        self.decay, self.steps = decay, 0
        self.mean = {k: v.detach().clone() for k, v in net.state_dict().items()}

    @torch.no_grad()
    def update(self, net):
        self.steps += 1
        d = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for k, v in net.state_dict().items():
            if v.is_floating_point():
                self.mean[k].lerp_(v, 1 - d)
            else:
                self.mean[k].copy_(v)


def save_half(net, folder, name):
    """Stores a network's tensors as float16 beside its config.json."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    half = {k: (v.half() if v.is_floating_point() else v).contiguous().clone() for k, v in net.state_dict().items()}
    assert all(torch.isfinite(v).all() for v in half.values())
    save_file(half, folder / name, {"format": "pt"})
    return sum(v.numel() * v.element_size() for v in half.values())


def parameters(net):
    return sum(p.numel() for p in net.parameters())


def captions_to_ids(tok, texts):
    return tok(list(texts), padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt")


def pixels(films):
    """uint8 [b, h, w] to what the VAE takes: [b, 3, h, w] in -1..1."""
    x = torch.as_tensor(films).float().div_(127.5).sub_(1)
    return x[:, None].expand(-1, 3, -1, -1).contiguous()


def stretched(films):
    """uint8 [b, h, w] to what the image encoder takes: each film from its minimum to its maximum in 8 bits, 0..1."""
    x = torch.as_tensor(films).float()
    low, high = x.amin((1, 2), keepdim=True), x.amax((1, 2), keepdim=True)
    x = torch.floor((x - low) / (high - low).clamp(min=1) * 255) / 255
    return x[:, None].expand(-1, 3, -1, -1).contiguous()
